"""The composition root: the one place that knows all rooms, and the only clock."""

import os
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace

from aggregator import __version__, plugins
from aggregator.config import load_settings
from aggregator.core import select
from aggregator.core.fragments import Fragments
from aggregator.delivering import Delivering
from aggregator.errors import InstanceError
from aggregator.model.events import Event, Observer
from aggregator.model.settings import Settings
from aggregator.pipeline import Pipeline
from aggregator.ports import Clock, Store
from aggregator.publishing import Publishing
from aggregator.store import SqlStore, open_store

DATABASE = "aggregator.db"

_STARTER_AGE_S = 60


def utc_now() -> datetime:
    """Return the current time, aware, UTC."""
    return datetime.now(UTC)


def build(
    config: Settings | Path | str,
    instance: Path | str,
    clock: Clock = utc_now,
    *,
    database_url: str | None = None,
    observe: Observer | None = None,
) -> Pipeline:
    """Put everything together, ready for ``poll_due()``.

    ``config`` is feeds.yaml or what was read from it; ``instance`` is made if it is not there.
    Without ``database_url`` the database is a SQLite file in the instance folder.

    :raises ConfigError: with every problem of feeds.yaml
    :raises InstanceError: the instance folder cannot be made or written
    :raises StoreError: the database cannot be had
    """
    settings = config if isinstance(config, Settings) else load_settings(Path(config))
    store = open_instance(instance, database_url)
    pipeline = assemble(settings, store, clock, observe or _ignore)
    pipeline.start()
    return pipeline


def assemble(settings: Settings, store: Store, clock: Clock, observe: Observer) -> Pipeline:
    """Put the rooms together over an open store; nothing is done yet.

    :raises PublishError: two folders of one target are the same
    """
    settings = replace(settings, closed=select.closed(settings, store.secluded()))
    templates = template_folders(settings)
    call = plugins.caller(settings)
    delivering = Delivering(
        targets=plugins.targets(settings, call),
        site=settings.site,
        store=store,
        clock=clock,
        observe=observe,
        hub=plugins.own_hub(settings, store, call, clock),
    )
    publishing = Publishing(
        settings=settings,
        store=store,
        formats=plugins.formats(templates),
        fragments=Fragments(plugins.border, __version__),
        pages=plugins.site_pages(templates),
        version=__version__,
        looks=_looks(settings),
        clock=clock,
        observe=observe,
        delivering=delivering,
        recipes=select.Recipes(settings),
    )
    used = {source.kind for source in settings.sources}
    makers = plugins.SOURCE_KINDS.items()
    kinds = {name: make(settings, clock) for name, make in makers if name in used}
    return Pipeline(settings, store, kinds, publishing, clock, observe)


def open_instance(instance: Path | str, database_url: str | None = None) -> SqlStore:
    """Open the database of an instance folder, making both where they are missing.

    :raises InstanceError: the folder cannot be made
    :raises StoreError: the database cannot be had
    """
    folder = make_instance(instance)
    return open_store(database_url or f"sqlite:///{folder / DATABASE}")


def make_instance(instance: Path | str) -> Path:
    """Return the instance folder, making it where it is missing.

    :raises InstanceError: it cannot be made
    """
    folder = Path(instance).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InstanceError(
            f"cannot make the instance folder {folder}: {error.strerror}; "
            "name another with --instance"
        ) from error
    return folder


def template_folders(settings: Settings) -> tuple[Path, ...]:
    """Return the folders pages are made from: the operator's beside feeds.yaml, then ours."""
    own = settings.path.parent / "templates"
    shipped = shipped_folder() / "templates"
    return (own, shipped) if own.is_dir() and own != shipped else (shipped,)


def _looks(settings: Settings) -> str:
    """Hash what lies beside feeds.yaml for pages to be made from: another look, another build."""
    hashed = sha256()
    for path in template_files(settings.path):
        with suppress(OSError):
            hashed.update(os.fsencode(path.name) + path.read_bytes())
    return hashed.hexdigest()[:16]


def template_files(config: Path) -> tuple[Path, ...]:
    """Return the files that an operator laid beside feeds.yaml for pages to be made from."""
    return tuple(sorted((config.parent / "templates").rglob("*")))


def shipped_folder() -> Path:
    """Return where templates/, feeds.yaml and docs/_posts of this release lie.

    They are beside the package in a checkout and inside it in a wheel (pyproject.toml).
    """
    inside = Path(__file__).parent / "shipped"
    return inside if inside.is_dir() else Path(__file__).parent.parent


def lay_starter(folder: Path) -> None:
    """Write the starter feeds.yaml and its folder of posts into an empty folder.

    Files that are there already are left alone.

    :raises InstanceError: the folder cannot be written
    """
    shipped = shipped_folder()
    posts = sorted((shipped / "docs" / "_posts").glob("*.md"))
    written = utc_now().timestamp() - _STARTER_AGE_S
    try:
        for path in (shipped / "feeds.yaml", *posts):
            target = folder / path.relative_to(shipped)
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                target.write_bytes(path.read_bytes())
                # Whole already: a scan leaves files of the last seconds for the next one.
                os.utime(target, (written, written))
    except OSError as error:
        raise InstanceError(f"cannot write the starter into {folder}: {error.strerror}") from error


def _ignore(event: Event) -> None:
    """Watch nothing."""
