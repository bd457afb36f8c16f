"""Scan folders: list, compare with last time, read what changed hands to the parser."""

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from aggregator.errors import FetchError
from aggregator.model.fetched import (
    Answer,
    Failed,
    Fetched,
    NotModified,
    PostFile,
    PostFolder,
    Request,
    Validators,
    Wishes,
)
from aggregator.model.settings import PostsOptions
from aggregator.ports import Clock
from aggregator.sources.folder.history import NoHistoryError, added_dates
from aggregator.sources.folder.marks import Mark, digest, parse_mark
from aggregator.sources.folder.opening import SIZE_LIMIT, CannotReadError, read_file
from aggregator.sources.folder.site import find_site
from aggregator.sources.folder.walk import Found, LeftOut, Listing, list_folder

_SETTLE_NS = 2_000_000_000
_FILES_LIMIT = 100_000
_BYTES_LIMIT = 512 * 1024 * 1024
_NAME_DATE = re.compile(r"(?:^|/)(\d{4})-(\d{1,2})-(\d{1,2})[^/]*$")

NextDue = Callable[[PostFolder], datetime | None]
"""When a post of the folder that waits is due; None where none waits."""


def _nothing_waits(folder: PostFolder) -> None:
    return None


def _never() -> bool:
    return False


def _none_more() -> Sequence[Request]:
    return ()


class FolderFetcher:
    """Fill ``ports.Fetcher`` for folders of posts.

    ``next_due`` is the reader's word on posts that wait for their day: without it such a post
    appears only when some file moves.
    """

    def __init__(
        self,
        clock: Clock,
        next_due: NextDue = _nothing_waits,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self._next_due = next_due
        self._pause = pause

    def __call__(
        self,
        requests: Sequence[Request],
        stop: Callable[[], bool] = _never,
        more: Callable[[], Sequence[Request]] = _none_more,
    ) -> Iterator[Answer]:
        """Scan one folder after the other; a folder answers at once, so nobody asks for more."""
        for request in requests:
            if stop():
                return
            yield Answer(request, self._outcome(request), self._clock())

    def _outcome(self, request: Request) -> Fetched | NotModified | Failed:
        try:
            return self._scan(request)
        except FetchError as error:
            return Failed(error)
        except OSError as error:
            return Failed(FetchError(f"{request.location} cannot be read: {error.strerror}"))

    def _scan(self, request: Request) -> Fetched | NotModified:
        root, options = _folder(request.location), request.source.posts
        last = parse_mark(request.validators.etag)
        now, listing, settled = self._list(request, root, last)
        if not settled:
            return _unmoved(_seen_before(request.location, last))
        site, site_text = find_site(root)
        seen = digest(options, settled, listing.left_out, site_text)
        if last and last.digest == seen and not (last.due and last.due <= now):
            return _unmoved(last)
        files, left_out, notes = _read(root, settled, options)
        folder = PostFolder(
            name=request.source.name,
            files=files,
            options=options,
            warnings=(*_lines((*listing.left_out, *left_out)), *notes),
            site=site,
            now=now,
            complete=len(files) == len(listing.found) and not listing.left_out,
        )
        again = any(item.reason.startswith("is being written") for item in left_out)
        mark = Mark("" if again else seen, len(listing.found), self._next_due(folder))
        return Fetched(
            document=folder,
            body_hash=_body_hash(seen, last, now),
            validators=Validators(etag=str(mark)),
            wishes=Wishes(due_at=mark.due),
        )

    def _list(
        self, request: Request, root: str, last: Mark | None
    ) -> tuple[datetime, Listing, tuple[Found, ...]]:
        """List what is there, and of it what is settled.

        The first scan of a folder made this very second waits for it: whoever has just made it is
        looking on, and the next scan may be an hour away.
        """
        now, listing = self._clock(), list_folder(root, request.source.posts)
        _refuse_empty(request.location, listing, last)
        settled = _settled(listing.found, now)
        if settled or last:
            return now, listing, settled
        self._pause(_SETTLE_NS / 1e9)
        now, listing = self._clock(), list_folder(root, request.source.posts)
        return now, listing, _settled(listing.found, now)


def _seen_before(location: str, last: Mark | None) -> Mark:
    """Return the mark of the last scan, where all that is there is too young to be read."""
    if last is None:
        raise FetchError(f"all posts in {location} are being written just now")
    return last


def _unmoved(last: Mark) -> NotModified:
    return NotModified(wishes=Wishes(due_at=last.due))


def _body_hash(seen: str, last: Mark | None, now: datetime) -> str:
    """Equal bytes on a day on which a post comes due are not the same document."""
    due = last.due if last else None
    return f"{seen} {due.isoformat()}" if due and due <= now else seen


def _folder(location: str) -> str:
    path = Path(location)
    if path.is_dir():
        return os.path.realpath(location)
    if path.is_file():
        raise FetchError(f"{location} is a file; name the folder it lies in")
    raise FetchError(f"there is no folder {location}; nothing is taken away")


def _refuse_empty(location: str, listing: Listing, last: Mark | None) -> None:
    if listing.found:
        return
    if last and last.count:
        raise FetchError(
            f"{location} held {last.count} posts and is empty now: an unmounted disk, a failed "
            "checkout? Nothing is taken away"
        )
    unreadable = f" that can be read; {_lines(listing.left_out)[0]}" if listing.left_out else ""
    raise FetchError(f"{location} holds no posts{unreadable}")


def _settled(found: Sequence[Found], now: datetime) -> tuple[Found, ...]:
    """Keep the files older than two seconds; one from the future is not young either."""
    now_ns = int(now.timestamp()) * 1_000_000_000 + now.microsecond * 1000
    return tuple(file for file in found if abs(now_ns - file.mtime_ns) >= _SETTLE_NS)


def _read(
    root: str, found: Sequence[Found], options: PostsOptions
) -> tuple[tuple[PostFile, ...], list[LeftOut], list[str]]:
    chosen, notes = _newest(found, options.limit)
    dates, trouble = _fallback_dates(root, chosen, options.undated)
    files: list[PostFile] = []
    left_out: list[LeftOut] = []
    budget = _BYTES_LIMIT
    for number, file in enumerate(chosen):
        if file.size > budget and file.size <= SIZE_LIMIT:
            notes.append(f"only {number} of {len(chosen)} files fit at once: set `limit`")
            break
        try:
            body = read_file(file)
        except CannotReadError as error:
            left_out.append(LeftOut(file.path, str(error)))
            continue
        budget -= len(body)
        files.append(PostFile(file.path, body, dates.get(file.path)))
    return tuple(files), left_out, [*notes, *trouble]


def _newest(found: Sequence[Found], limit: int | None) -> tuple[Sequence[Found], list[str]]:
    """Drop the oldest beyond the limit.

    Where every name has a date, that decides and no older file is opened; else the reader decides
    by the dates inside, and only a folder of more than any site's is cut here.
    """
    names = [_name_date(file.path) for file in found]
    if limit and len(found) > limit and all(names):
        return _last(found, names, limit), [
            f"only the newest {limit} of {len(found)} files are read"
        ]
    if len(found) <= _FILES_LIMIT:
        return found, []
    times = [name or _utc(file) for name, file in zip(names, found, strict=True)]
    words = (
        f"only the newest {_FILES_LIMIT} of {len(found)} files are read: set `limit` or `include`"
    )
    return _last(found, times, _FILES_LIMIT), [words]


def _last(found: Sequence[Found], keys: Sequence[object], count: int) -> list[Found]:
    ranked = sorted(zip(keys, found, strict=True), key=lambda pair: (str(pair[0]), pair[1].path))
    return sorted(file for _, file in ranked[-count:])


def _name_date(path: str) -> str | None:
    match = _NAME_DATE.search(path)
    return f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}" if match else None


def _utc(file: Found) -> str:
    """Return the day a file was changed, for want of a better word on its age."""
    try:
        return datetime.fromtimestamp(file.mtime_ns / 1e9, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _fallback_dates(
    root: str, found: Sequence[Found], policy: str
) -> tuple[dict[str, datetime], list[str]]:
    if policy == "mtime":
        return {file.path: _mtime(file) for file in found}, []
    if policy != "git":
        return {}, []
    try:
        return added_dates(root), []
    except NoHistoryError as error:
        return {}, [f"no dates from git: {error}"]


def _mtime(file: Found) -> datetime:
    try:
        return datetime.fromtimestamp(file.mtime_ns // 1_000_000_000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _lines(left_out: Sequence[LeftOut]) -> tuple[str, ...]:
    return tuple(f"{item.path}:1: {item.reason}" for item in left_out)
