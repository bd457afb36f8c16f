"""When each file came into its git repository: what ``undated: git`` dates posts by."""

import os
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime

_TIMEOUT_S = 60
_BYTES_LIMIT = 64 * 1024 * 1024
_COMMAND = (
    *(
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.hooksPath=/dev/null",
        "-c",
        "log.showSignature=false",
    ),
    *("log", "--no-renames", "--diff-filter=A", "--name-only", "--relative", "-z"),
    *("--no-ext-diff", "--no-textconv", "--format=%x01%at", "--", "."),
)
# A partial clone must not fetch what it lacks: nobody asked us to go online for a date.
_ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}


class NoHistoryError(Exception):
    """There is no git, no repository, or it does not answer; the message says which."""


def added_dates(root: str) -> dict[str, datetime]:
    """Return the author's date of the commit that first added each path below the folder.

    :raises NoHistoryError: nothing can be said
    """
    git = shutil.which("git")
    if git is None:
        raise NoHistoryError("git is not installed")
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command; the folder is only its cwd
                [git, "--no-pager", *_COMMAND],
                cwd=root,
                env={**os.environ, **_ENVIRONMENT},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.PIPE,
                timeout=_TIMEOUT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoHistoryError(f"git does not answer: {error}") from error
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip().splitlines() or ["it failed"]
            raise NoHistoryError(f"git says: {words[0][:200]}")
        output.seek(0)
        return _parse(output.read(_BYTES_LIMIT))


def _parse(log: bytes) -> dict[str, datetime]:
    """Read "\\x01seconds" and the names after it; the log ends with the oldest, which wins."""
    dates: dict[str, datetime] = {}
    when: datetime | None = None
    for field in log.split(b"\0"):
        text = field.strip(b"\n")
        if text.startswith(b"\x01"):
            when = _moment(text[1:])
        elif text and when:
            dates[text.decode("utf-8", "replace")] = when
    return dates


def _moment(seconds: bytes) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None
