"""A folder of which some files are ours.

1. The manifest says which. It is written before a new file is, so that a kill between the two
   leaves a file that is known, never one that is foreign to the next run.
2. A file, a link or a folder that is not in the manifest is never written over, moved or removed.
3. A file is replaced whole: written under a name that begins with ".", flushed, renamed. Readers
   see the old bytes or the new ones.
4. Only what differs is written; what is stale goes last.
5. One run at a time (flock); what a killed run left under a temporary name is swept by the next.
"""

import errno
import fcntl
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from aggregator.errors import PublishError

Memory = dict[str, dict[str, Any]]
"""Path below the folder, with "/", to what is remembered of the file."""

_VERSION = 1
_MODE = 0o644
_FOLDER_MODE = 0o755
_TEMPORARY = re.compile(r"\.aggregator-[0-9a-f]{16}\.tmp")
_PART = re.compile(r"[A-Za-z0-9_~+-][A-Za-z0-9._~+-]{0,199}")
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_MANIFEST_LIMIT = 256 * 1024 * 1024
_REMEDIES = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space",
    errno.EACCES: "let this user write there",
    errno.EPERM: "let this user write there",
    errno.EROFS: "mount it writable",
}


class Published(Struct, frozen=True):
    """What one run changed in a folder."""

    written: int = 0
    kept: int = 0
    """Looked at, and as they should be."""
    removed: int = 0
    archived: int = 0
    refused: tuple[str, ...] = ()
    """One line for each file that was not written because something foreign is in its place."""

    def __add__(self, other: "Published") -> "Published":
        return Published(
            self.written + other.written,
            self.kept + other.kept,
            self.removed + other.removed,
            self.archived + other.archived,
            self.refused + other.refused,
        )


class Changes(Struct, frozen=True):
    """What is to become of a folder, decided before anything is done."""

    files: Mapping[str, bytes]
    """To be as they are here."""
    memory: Memory
    """All files that are ours afterwards."""
    removed: tuple[str, ...] = ()
    archived: tuple[str, ...] = ()
    archive: Path | None = None
    times: Mapping[str, float] = field(default_factory=dict)
    """Modification times, seconds of the epoch, where they are to be set."""


def is_safe(path: str) -> bool:
    """Tell whether a path stays below its folder, on every system, and is not hidden."""
    return all(_PART.fullmatch(part) for part in path.split("/"))


class Keep:
    """A folder that is held for one run."""

    def __init__(self, root: Path, manifest: str, owner: str) -> None:
        self._root = root
        self._manifest = root / manifest
        self._owner = owner
        self.memory = self._load()
        """What is ours when the run begins."""

    def time_s(self, path: str) -> float | None:
        """Return the modification time of a file that is ours; None where there is none."""
        if self.foreign(path):
            return None
        with suppress(OSError):
            return (self._root / path).lstat().st_mtime
        return None

    def foreign(self, path: str) -> str:
        """Say why a path must not be written; "" if it may be."""
        if not is_safe(path):
            return "is no path below the folder; left out"
        place = self._root
        for part in path.split("/")[:-1]:
            place = place / part
            kind = _kind(place)
            if kind not in ("", "folder"):
                return f"cannot be written, {place.name} is a {kind}; move it away"
        kind = _kind(self._root / path)
        if kind in ("", "file") and (not kind or path in self.memory):
            return ""
        return f"is a {kind} that is not ours; move it away"

    def apply(self, changes: Changes) -> Published:
        """Do all of it; equal changes a second time touch no file.

        :raises PublishError: the folder cannot be written
        """
        refused = {path: why for path in changes.files if (why := self.foreign(path))}
        memory = {path: facts for path, facts in changes.memory.items() if path not in refused}
        if memory.keys() - self.memory.keys():
            self._save({**self.memory, **memory})
        written = [
            self._put(path, body, changes.times.get(path))
            for path, body in changes.files.items()
            if path not in refused
        ]
        archived = sum(self._move(path, changes.archive) for path in changes.archived)
        removed = sum(self._remove(path) for path in changes.removed)
        self._save(memory)
        return Published(
            written=sum(written),
            kept=len(written) - sum(written),
            removed=removed,
            archived=archived,
            refused=tuple(f"{self._root / path} {why}" for path, why in refused.items()),
        )

    # -- the manifest ----------------------------------------------------------------------------

    def _load(self) -> Memory:
        body = _read(self._manifest, _MANIFEST_LIMIT)
        if body is None and not _kind(self._manifest):
            return {}
        try:
            said = json.loads(body or b"")
            owner, files = said["owner"], said["files"]
            good = all(is_safe(path) and isinstance(files[path], dict) for path in files)
        except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
            good, owner, files = False, "", {}
        if not good:
            raise PublishError(f"{self._manifest} is damaged; put a copy back, or move all away")
        if owner != self._owner:
            raise PublishError(
                f"{self._root} was written for {owner}; name another folder for {self._owner}"
            )
        return dict(files)

    def _save(self, memory: Memory) -> None:
        if memory == self.memory:
            return
        self._replace(self._manifest, _manifest(self._owner, memory), None)
        self.memory = memory

    # -- files -----------------------------------------------------------------------------------

    def _put(self, path: str, body: bytes, time_s: float | None) -> bool:
        place = self._root / path
        if place.parent != self._root:
            with _said(place.parent):
                place.parent.mkdir(_FOLDER_MODE, parents=True, exist_ok=True)
        return self._replace(place, body, time_s)

    def _replace(self, place: Path, body: bytes, time_s: float | None) -> bool:
        """Write a file whole, unless it holds these bytes; tell whether it was written."""
        if _read(place, len(body)) == body and (time_s is None or _is_of(place, time_s)):
            return False
        temporary = place.parent / f".aggregator-{os.urandom(8).hex()}.tmp"
        with _said(place):
            try:
                _write(temporary, body, time_s)
                temporary.replace(place)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            _flush_folder(place.parent)
        return True

    def _remove(self, path: str) -> bool:
        place = self._root / path
        if not self._is_removable(path):
            return False
        with _said(place):
            place.unlink()
            self._remove_empty(place.parent)
        return True

    def _remove_empty(self, folder: Path) -> None:
        """Take folders along that nothing is left in; the root stays."""
        while folder != self._root:
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent

    def _move(self, path: str, archive: Path | None) -> bool:
        """Move a file to the archive; the copy of an earlier run there is replaced."""
        if archive is None or not self._is_removable(path):
            return False
        place, target = self._root / path, archive / path
        if _kind(target) not in ("", "file"):
            raise PublishError(f"{target} is a {_kind(target)}; move it away")
        with _said(target):
            archive.mkdir(_FOLDER_MODE, parents=True, exist_ok=True)
            try:
                place.replace(target)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                self._replace(target, place.read_bytes(), place.stat().st_mtime)
                place.unlink()
        return True

    def _is_removable(self, path: str) -> bool:
        """Tell whether a path is still the file that was written."""
        return not self.foreign(path) and _kind(self._root / path) == "file"


def _is_of(place: Path, time_s: float) -> bool:
    with suppress(OSError):
        return place.lstat().st_mtime == time_s
    return False


def _manifest(owner: str, memory: Memory) -> bytes:
    """Write one file a line: a change of one post is a change of one line, for git too."""
    lines = (
        f"{json.dumps(path)}: {json.dumps(facts, sort_keys=True)}"
        for path, facts in sorted(memory.items())
    )
    head = f'{{"version": {_VERSION}, "owner": {json.dumps(owner)}, "files": {{\n'
    return (head + ",\n".join(lines) + "\n}}\n").encode("ascii")


@contextmanager
def held(folder: Path, manifest: str, owner: str) -> Iterator[Keep]:
    """Hold a folder for one run, making it where it is missing.

    ``owner`` is who writes there: a manifest of another is an error.

    :raises PublishError: it cannot be made, is held by another run, or its manifest is damaged
    """
    with _said(folder):
        folder.mkdir(_FOLDER_MODE, parents=True, exist_ok=True)
        root = folder.resolve(strict=True)
        lock = os.open(root / f"{manifest}.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, _MODE)
    try:
        _lock(lock, folder)
        _sweep(root)
        keep = Keep(root, manifest, owner)
        _sweep(root, keep.memory)
        yield keep
    finally:
        os.close(lock)


def _lock(file: int, folder: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise PublishError(f"another run is writing to {folder}; it is tried again") from error
    except OSError as error:
        raise PublishError(f"cannot lock {folder}: {error.strerror}") from error


def _sweep(root: Path, paths: Iterable[str] = ("",)) -> None:
    """Remove what killed runs left under temporary names beside these files."""
    folders = {(root / path).parent if path else root for path in paths}
    for folder in folders:
        with suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if _TEMPORARY.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    Path(entry.path).unlink(missing_ok=True)


def _kind(place: Path) -> str:
    """Name what is in a place, links not followed; "" where nothing is."""
    try:
        mode = place.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise PublishError(f"cannot look at {place}: {error.strerror}") from error
    kinds = ((stat.S_ISREG, "file"), (stat.S_ISDIR, "folder"), (stat.S_ISLNK, "link"))
    return next((word for check, word in kinds if check(mode)), "device")


def _read(place: Path, limit: int) -> bytes | None:
    """Return the bytes of a file of at most so many; None where there is no such file."""
    try:
        file = os.open(place, _READ)
    except OSError:
        return None
    with os.fdopen(file, "rb") as opened:
        facts = os.fstat(opened.fileno())
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > limit:
            return None
        return opened.read(limit + 1)


def _write(place: Path, body: bytes, time_s: float | None) -> None:
    file = os.open(place, _CREATE, _MODE)
    with os.fdopen(file, "wb") as opened:
        os.fchmod(opened.fileno(), _MODE)  # whatever the umask: a web server reads it
        opened.write(body)
        opened.flush()
        if time_s is not None:
            os.utime(opened.fileno(), (time_s, time_s))
        os.fsync(opened.fileno())


def _flush_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


@contextmanager
def _said(place: Path) -> Iterator[None]:
    """Let what the machine refuses leave as PublishError, in one line with the next step."""
    try:
        yield
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0)
        step = f"; {remedy}, it is tried again" if remedy else "; it is tried again"
        raise PublishError(f"cannot write {place}: {error.strerror or error}{step}") from error
