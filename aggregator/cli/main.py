"""The command group, its common options, and how errors leave."""

import logging
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import click

from aggregator import __version__
from aggregator.cli import words
from aggregator.cli.context import DEFAULT_CONFIG, DEFAULT_INSTANCE, Place
from aggregator.errors import AggregatorError, ConfigError

# Imported when they are asked for: `poll` need not pay for what `run` is made of.
COMMANDS: Mapping[str, tuple[str, str]] = {
    **{name: ("running", name) for name in ("run", "serve", "poll")},
    **{name: ("subscribing", name) for name in ("add", "export")},
    "import": ("subscribing", "import_list"),
    **{name: ("trying", name) for name in ("preview", "read")},
    **{name: ("keeping", name) for name in ("history", "takedown", "restore", "release")},
    **{name: ("keeping", name) for name in ("accept", "backfill")},
    **{name: ("stories", name) for name in ("dedupe", "why", "split", "join")},
    **{name: ("looking", name) for name in ("status", "show", "check", "schema")},
    "politeness": ("politeness", "politeness"),
    "list": ("looking", "list_feeds"),
}
"""Names to where in this folder the command is."""


_PLACE = click.Path(readable=False, path_type=Path)
"""Whether it can be read we tell ourselves, with a remedy and the exit code of a configuration."""


class _Group(click.Group):
    """Lets known errors leave as words on stderr and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"aggregator.cli.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            click.echo(error, err=True)
            count = words.count(len(error.problems), "problem")
            click.echo(f"aggregator: {count} in the configuration", err=True)
            ctx.exit(error.exit_code)
        except AggregatorError as error:
            click.echo(f"aggregator: {error}", err=True)
            ctx.exit(error.exit_code)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="aggregator")
@click.option(
    "--config",
    type=_PLACE,
    default=DEFAULT_CONFIG,
    show_default=True,
    envvar="AGGREGATOR_CONFIG",
    help="The configuration.",
)
@click.option(
    "--instance",
    type=_PLACE,
    default=DEFAULT_INSTANCE,
    show_default=True,
    envvar="AGGREGATOR_INSTANCE",
    help="Folder of the database and the lock; made where missing.",
)
@click.option(
    "--database-url",
    envvar="AGGREGATOR_DATABASE_URL",
    metavar="URL",
    help="postgresql://… ; a SQLite file in the instance folder where none is given.",
)
@click.option(
    "--base-url",
    envvar="AGGREGATOR_BASE_URL",
    metavar="URL",
    help="The public address of the site; outranks site.url in the configuration.",
)
@click.option("-v", "--verbose", is_flag=True, help="Tell every poll and every feed built.")
@click.pass_context
def group(
    context: click.Context,
    config: Path,
    instance: Path,
    database_url: str | None,
    base_url: str | None,
    verbose: bool,
) -> None:
    """Poll feeds and folders of posts, and republish them as one feed per category."""
    logging.basicConfig(
        format="%(asctime)s %(levelname)s %(message)s",
        datefmt="%Y-%m-%d %H:%M:%S",
    )
    logging.getLogger("aggregator").setLevel(logging.INFO if verbose else logging.WARNING)
    # A tick that finds the last one still at work says so; that is how it is meant to be.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # So is a burst of readers that wait a moment for each other.
    logging.getLogger("waitress").setLevel(logging.ERROR)
    context.obj = Place(config, instance, database_url, base_url)
