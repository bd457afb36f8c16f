"""The file itself: found, small enough, and UTF-8."""

from pathlib import Path
from typing import NoReturn

from aggregator.errors import ConfigError, Problem

LIMIT_BYTES = 4 * 1024 * 1024
"""About 30,000 sources: more is no hand-written file, and takes minutes to read."""


def read_text(path: Path) -> str:
    """Read the configuration.

    :raises ConfigError: it cannot be read, is too large, empty or not UTF-8
    """
    data = _bytes(path)
    if len(data) > LIMIT_BYTES:
        _refuse(
            path, f"is larger than {LIMIT_BYTES // 1024**2} MB", "split it, or name fewer sources"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        _refuse(path, "is not UTF-8", "save it as UTF-8", line, column)
    if not text.strip():
        _refuse(path, "is empty", "`aggregator run` in an empty folder writes one to begin with")
    return text


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            _refuse(path, "is no file", "name the file itself")
        with path.open("rb") as file:
            return file.read(LIMIT_BYTES + 1)
    except FileNotFoundError:
        _refuse(
            path, "no such file", "`aggregator run` in an empty folder writes one to begin with"
        )
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or str(error)
        _refuse(path, f"cannot be read: {words}", "let this user read it")


def _refuse(path: Path, message: str, remedy: str, line: int = 0, column: int = 0) -> NoReturn:
    raise ConfigError((Problem(str(path), line, column, message, remedy),)) from None
