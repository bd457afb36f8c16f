"""What is known of a program that is measured."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Contestant:
    """A program that polls feeds."""

    name: str
    version: str
    prepare: Callable[[Path, Sequence[str]], None]
    """Writes what the program needs into an empty folder, so that it polls these addresses."""
    command: Callable[[Path, str], Sequence[str]]
    """What polls once, in that folder; the second word is "first" or "again"."""
