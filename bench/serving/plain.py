"""Our Flask application with nothing before it, for gunicorn to serve."""

import os
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from aggregator.app import shipped_folder
from aggregator.formats.writing.pages import Pages
from aggregator.store import open_store
from aggregator.web import create_app

DATABASE = "BENCH_DATABASE"
"""The variable that names the database."""


def application() -> Flask:
    """Return it."""
    store = open_store(f"sqlite:///{os.environ[DATABASE]}")
    folders: list[Path] = [shipped_folder() / "templates"]
    return create_app(store, Pages(folders), lambda: datetime.now(UTC))
