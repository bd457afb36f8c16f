"""The command ``aggregator``: words in, words out; all work is done below."""

from aggregator.cli.main import main

__all__ = ["main"]
