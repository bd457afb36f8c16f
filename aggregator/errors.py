"""Errors by whose fault they are.

* the operator's: ``ConfigError``, ``UsageError`` (all problems at once; exit 78 and 2)
* the remote side's: ``FetchError``, ``ParseError`` (recorded on the source; the round goes on)
* the machine's: ``StoreError``, ``PublishError``, ``InstanceError`` (said, tried again at a tick;
  exit 69 or 1)
* another of us: ``LockHeldError`` (exit 75)
* ours: anything else, with its traceback
"""

from msgspec import Struct


class AggregatorError(Exception):
    """Something that is said in one line, without a traceback."""

    exit_code = 1


class Problem(Struct, frozen=True):
    """One thing wrong in feeds.yaml, where it is, and what would mend it."""

    file: str
    line: int
    """From 1; 0 where the whole file is meant."""
    column: int
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}" + (f" ({self.remedy})" if self.remedy else "")


class ConfigError(AggregatorError):
    """Everything that is wrong with the configuration."""

    exit_code = 78

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class UsageError(AggregatorError):
    """The command line asks for something that is not there."""

    exit_code = 2


class FetchError(AggregatorError):
    """A source gave no usable answer. The message is for a person: "404 Not Found"."""

    def __init__(self, message: str, *, status: int | None = None, gone: bool = False) -> None:
        super().__init__(message)
        self.status = status
        """HTTP status, if one came."""
        self.gone = gone
        """410: it asks never to be asked again."""


class ParseError(AggregatorError):
    """A document is no feed. The message says what it is instead."""


class RenderError(AggregatorError):
    """A feed we wrote is not well-formed: it is held, and its last good bytes stay."""


class ImplausibleError(RenderError):
    """A rendering that is well-formed and cannot be right."""


class StoreError(AggregatorError):
    """The database cannot be reached, is full, locked or read-only; the message says which."""

    exit_code = 69


class PublishError(AggregatorError):
    """A target could not be written; it is tried again."""


class OvertakenError(StoreError):
    """What was to be saved was overtaken by another process: it is made again at the next round."""


class InstanceError(AggregatorError):
    """The instance folder cannot be used."""


class LockHeldError(AggregatorError):
    """Another daemon runs on this instance folder."""

    exit_code = 75
