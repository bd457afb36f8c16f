"""What every command is given: where things are, and how to open them."""

from pathlib import Path

import click
from msgspec import Struct
from msgspec.structs import replace

from aggregator import app
from aggregator.config import load_settings, public_url
from aggregator.errors import InstanceError
from aggregator.model.events import Observer
from aggregator.model.settings import Settings
from aggregator.pipeline import Pipeline
from aggregator.store import SqlStore

DEFAULT_CONFIG = Path("feeds.yaml")
DEFAULT_INSTANCE = Path("instance")
DEFAULT_BIND = "127.0.0.1:8080"

MANY = click.IntRange(1, 100_000)
"""What an option says that counts something: more days than that no calendar has, nor more lines
anybody reads."""

_ADDRESS = "address"
"""In the instance folder: where its daemon listens."""


class Place(Struct, frozen=True):
    """Where feeds.yaml, the instance folder and the database are."""

    config: Path
    instance: Path
    database_url: str | None = None
    base_url: str | None = None

    def settings(self) -> Settings:
        """Read feeds.yaml; the address given on the command line outranks the one in it.

        :raises ConfigError: with every problem of it
        :raises UsageError: the address is none
        """
        settings = load_settings(self.config)
        address = self.base_url
        if address is None and settings.site.url == f"http://{DEFAULT_BIND}/":
            address = self._listening_at()
        if address is None:
            return settings
        return replace(settings, site=replace(settings.site, url=public_url(address)))

    def listen_at(self, url: str) -> None:
        """Publish under the address a daemon listens on, where nothing else is said of it.

        It is written down: `aggregator poll` beside the daemon gave every feed other links.

        :raises InstanceError: the instance folder cannot be written
        """
        path = self.instance / _ADDRESS
        try:
            path.write_text(f"{url}\n", encoding="ascii")
        except OSError as error:
            raise InstanceError(f"cannot write {path}: {error.strerror}") from error

    def _listening_at(self) -> str | None:
        try:
            return (self.instance / _ADDRESS).read_text(encoding="ascii").strip() or None
        except (OSError, ValueError):
            return None

    def store(self) -> SqlStore:
        """Open the database for looking."""
        return app.open_instance(self.instance, self.database_url)

    def pipeline(self, observe: Observer | None = None) -> Pipeline:
        """Put everything together."""
        return app.build(
            self.settings(), self.instance, database_url=self.database_url, observe=observe
        )

    @property
    def new(self) -> bool:
        """Tell whether no database is there yet."""
        return self.database_url is None and not (self.instance / app.DATABASE).exists()

    @property
    def database_name(self) -> str:
        """Name the database for a person, without a password."""
        if self.database_url is None:
            return str(self.instance / app.DATABASE)
        return self.database_url.rpartition("@")[2].partition("?")[0]
