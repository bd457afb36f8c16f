"""Published bytes as files, laid out as the URLs are, for a web server that serves a folder.

"feeds/python/" is ``feeds/python/index.html``; beside every file lies its ``.gz`` (nginx
``gzip_static``), and its modification time is the one the feed is served with.
"""

from collections.abc import Sequence

from aggregator.model.settings import FilesTarget
from aggregator.model.shown import Artifact
from aggregator.publishers.keeping import Changes, Published, held

_MANIFEST = ".aggregator-files.json"


class FilesPublisher:
    """Writes artifacts below a folder."""

    def __init__(self, target: FilesTarget) -> None:
        self._target = target

    def __call__(self, artifacts: Sequence[Artifact], retired: Sequence[str] = ()) -> Published:
        """Write what differs; ``retired`` are slugs of feeds, or paths, that are no more.

        Artifacts of earlier calls stay. Counts are of files, compressed ones included.

        :raises PublishError: the folder cannot be written
        """
        with held(self._target.folder, _MANIFEST, "files") as keep:
            files: dict[str, bytes] = {}
            memory = dict(keep.memory)
            times: dict[str, float] = {}
            for artifact in artifacts:
                name = file_of(artifact.path)
                for path, body in ((name, artifact.body), (f"{name}.gz", artifact.gzip)):
                    files[path] = body
                    memory[path] = {"path": artifact.path, "feed": artifact.feed}
                    times[path] = artifact.last_modified.timestamp()
            gone = _retired(keep.memory, retired, files)
            kept = {path: facts for path, facts in memory.items() if path not in gone}
            return keep.apply(Changes(files, kept, removed=gone, times=times))


def file_of(path: str) -> str:
    """Return the file that is served under a path: a folder's is its index.html."""
    return f"{path}index.html" if not path or path.endswith("/") else path


def _retired(
    memory: dict[str, dict[str, object]], retired: Sequence[str], files: dict[str, bytes]
) -> tuple[str, ...]:
    names = frozenset(retired)
    return tuple(
        path
        for path, facts in memory.items()
        if path not in files and (facts.get("path") in names or facts.get("feed") in names)
    )
