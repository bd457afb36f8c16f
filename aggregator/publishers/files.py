"""Published bytes as files, laid out as the URLs are, for a web server that serves a folder.

"feeds/python/" is ``feeds/python/index.html``; beside every file lies its ``.gz`` (nginx
``gzip_static``), and its modification time is the one the feed is served with.

The manifest remembers the ETag of what was written: bytes that it and the file's time say are there
are not even loaded, for a feed may have a thousand pages of archive.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from aggregator.model.settings import FilesTarget
from aggregator.model.shown import Artifact, Stamp
from aggregator.publishers.keeping import Changes, Keep, Published, held

_MANIFEST = ".aggregator-files.json"
_TOGETHER = 64
"""Artifacts that are in memory at once."""


class FilesPublisher:
    """Writes artifacts below a folder."""

    def __init__(self, target: FilesTarget) -> None:
        self._target = target

    def __call__(
        self,
        stamps: Sequence[Stamp],
        load: Callable[[str], Artifact | None],
        retired: Sequence[str] = (),
    ) -> Published:
        """Make the files of some feeds those that ``stamps`` tell of, then take away the others.

        ``load`` hands out the bytes of a path; ``retired`` are slugs of feeds that are no more.
        Files of feeds that are not named stay. Counts are of files, compressed ones included.

        :raises PublishError: the folder cannot be written
        """
        with held(self._target.folder, _MANIFEST, "files") as keep:
            missing = [stamp for stamp in stamps if not _is_there(keep, stamp)]
            done = Published(kept=2 * (len(stamps) - len(missing)))
            loaded = filter(None, (load(stamp.path) for stamp in missing))
            for artifacts in _some(loaded):
                done += keep.apply(_written(keep, artifacts))
            gone = _stale(keep, stamps, retired)
            left = {path: facts for path, facts in keep.memory.items() if path not in gone}
            return done + keep.apply(Changes({}, left, removed=gone))


def file_of(path: str) -> str:
    """Return the file that is served under a path: a folder's is its index.html."""
    return f"{path}index.html" if not path or path.endswith("/") else path


def _files_of(path: str) -> tuple[str, str]:
    name = file_of(path)
    return name, f"{name}.gz"


def _is_there(keep: Keep, stamp: Stamp) -> bool:
    """Tell whether both files were written from these bytes and nobody touched them since."""
    time_s = stamp.last_modified.timestamp()
    return all(
        keep.memory.get(name, {}).get("etag") == stamp.etag and keep.time_s(name) == time_s
        for name in _files_of(stamp.path)
    )


def _written(keep: Keep, artifacts: Iterable[Artifact]) -> Changes:
    files: dict[str, bytes] = {}
    memory = dict(keep.memory)
    times: dict[str, float] = {}
    for artifact in artifacts:
        forms = list(zip(_files_of(artifact.path), (artifact.body, artifact.gzip), strict=True))
        # A .gz of ours beside a file that is not would be served in its place.
        for name, body in forms[:1] if keep.foreign(forms[0][0]) else forms:
            files[name] = body
            memory[name] = {"path": artifact.path, "feed": artifact.feed, "etag": artifact.etag}
            times[name] = artifact.last_modified.timestamp()
    return Changes(files, memory, times=times)


def _stale(keep: Keep, stamps: Sequence[Stamp], retired: Sequence[str]) -> tuple[str, ...]:
    """Return the files of retired feeds, and those that a feed named here has no longer."""
    there = {stamp.path for stamp in stamps}
    feeds = {stamp.feed for stamp in stamps}
    return tuple(
        name
        for name, facts in keep.memory.items()
        if facts.get("path") not in there
        and (facts.get("feed") in feeds or facts.get("feed") in retired)
    )


def _some(artifacts: Iterable[Artifact]) -> Iterator[list[Artifact]]:
    rest = iter(artifacts)
    while some := list(islice(rest, _TOGETHER)):
        yield some
