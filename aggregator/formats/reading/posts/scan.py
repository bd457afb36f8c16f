"""Read a folder of posts: heads, choice, texts, entries; no fault leaves its own file.

1. Every file has its head read (or it is remembered), so that posts can name each other.
2. The choice is made by the time of day: what is a draft, waits or is past gives no entry.
3. Only chosen posts have their text rendered, and only if file, rules or named posts changed.
4. Two files of one identity: the first by path wins.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

import re2
from lxml.cssselect import CSSSelector
from msgspec import Struct, field

from aggregator.errors import ParseError
from aggregator.formats.reading.posts.bodies import Body, BodyReader
from aggregator.formats.reading.posts.choosing import Choice, Chosen, choose
from aggregator.formats.reading.posts.dates import YEARS_AHEAD, Calendar
from aggregator.formats.reading.posts.decode import decode
from aggregator.formats.reading.posts.entries import Index, entry_of
from aggregator.formats.reading.posts.extract import BadSelectorError, selector
from aggregator.formats.reading.posts.heads import Head, HeadReader
from aggregator.formats.reading.posts.memo import Kept, Memo, digest_of
from aggregator.formats.reading.posts.notes import Note, Notes, bounded, file_line, summaries
from aggregator.formats.reading.posts.setting import at_home, recognise
from aggregator.formats.reading.posts.split import Opened, take_apart
from aggregator.model.fetched import PostFile, PostFolder
from aggregator.model.parsed import FeedInfo, ParsedEntry, ParsedFeed

_T = TypeVar("_T")

_POLICIES = {
    "first-seen": "shown as new when first seen: set `undated:`",
    "skip": "left out: set `undated:`",
    "mtime": "and none could be had from the file",
    "git": "and none could be had from git",
}


class Reading(Struct, frozen=True):
    """One scan, read: the feed, and what `preview` and the tables of the documentation show."""

    feed: ParsedFeed
    engine: str
    files: int
    rendered: int = 0
    """Texts that had to be read: those of new and changed files."""
    next_due: datetime | None = None
    kinds: Counter[str] = field(default_factory=Counter)
    """How often each kind of note was made, silent ones too."""


class Scan:
    """One folder being read."""

    def __init__(self, folder: PostFolder, memo: Memo, own_tag: str = "") -> None:
        self._folder = folder
        self._memo = memo
        self._own_tag = own_tag
        self._setting = recognise(folder)
        self._selectors = _selectors(folder.options.remove)
        self._id_pattern = _pattern("id_pattern", folder.options.id_pattern)
        self._source_pattern = _pattern("source_name", folder.options.source_name)
        self._sidecars = _sidecars(folder.files)
        self._files = {file.path: file for file in self._posts()}
        self._rendered = 0
        self._kept = self._heads()
        self._memo.keep(folder.name, self._kept)
        self.choice = self._choose()

    # -- heads -----------------------------------------------------------------------------------

    def _posts(self) -> list[PostFile]:
        """Return the files that may be posts: where the engine keeps any at home, only those."""
        files = [file for file in self._folder.files if _extension(file.path) != "meta"]
        if self._setting.engine.name != "nikola" and not self._folder.options.include:
            files = [file for file in files if _extension(file.path) != "txt"]
        if not any(at_home(self._setting, file.path) for file in files):
            return files
        return [
            file
            for file in files
            if at_home(self._setting, file.path) or "/_drafts/" in f"/{file.path}"
        ]

    def _heads(self) -> dict[str, Kept]:
        calendar = Calendar(
            self._setting.zone,
            self._setting.day_zone,
            self._setting.options.date_formats,
            self._folder.now.year + YEARS_AHEAD,
        )
        reader = HeadReader(self._setting, calendar, self._id_pattern, self._own_tag)
        rules = repr((self._setting, self._own_tag, self._folder.now.year)).encode(
            "utf-8", "surrogatepass"
        )
        before = self._memo.of(self._folder.name)
        heads: dict[str, Kept] = {}
        for path, file in self._files.items():
            digest = digest_of(rules, file.body, self._sidecar(path))
            kept = before.get(path)
            if kept is None or kept.digest != digest:
                kept = self._head(reader, file, digest)
            heads[path] = kept
        return heads

    def _head(self, reader: HeadReader, file: PostFile, digest: bytes) -> Kept:
        notes = Notes()

        def read() -> Head:
            opened = self._open(file, notes)
            if opened is None:
                return Head(file.path, skip="unread")
            return reader.read(file.path, self._kind(file.path), opened, notes)

        head = _guarded(read, notes) or Head(file.path, skip="unread")
        return Kept(digest, head, tuple(notes.warnings), tuple(notes.counted))

    def _open(self, file: PostFile, notes: Notes) -> Opened | None:
        """Take a file apart; None where it is empty or no text."""
        text = decode(file.body, self._folder.options.encoding, notes)
        if text is None:
            return None
        if not text.strip():
            notes.count("empty")
            return None
        if sidecar := self._sidecar(file.path):
            text = sidecar.decode("utf-8", "replace").strip() + "\n\n" + text
        return take_apart(text, self._kind(file.path), self._setting.engine, notes)

    def _sidecar(self, path: str) -> bytes:
        """Return the front matter Nikola keeps beside a post ("x.meta" of "x.rst")."""
        return self._sidecars.get(path.rsplit(".", 1)[0], b"")

    def _kind(self, path: str) -> str:
        extension = _extension(path)
        return "rst" if extension == "txt" and self._setting.engine.name == "nikola" else extension

    # -- choice ----------------------------------------------------------------------------------

    def _choose(self) -> Choice:
        fallbacks = {path: file.fallback_date for path, file in self._files.items()}
        heads = ((kept.head, fallbacks[path]) for path, kept in self._kept.items())
        return choose(heads, self._folder.options, self._folder.now)

    # -- entries ---------------------------------------------------------------------------------

    def reading(self) -> Reading:
        """Render what is chosen, and put everything together."""
        twice: dict[str, Note] = {}
        posts = self._without_twice(twice)
        entries = tuple(self._entries(posts))
        self._memo.keep(self._folder.name, self._kept)
        counted = self._counted(posts)
        lines = self._lines(twice)
        policy = _POLICIES[self._folder.options.undated]
        warnings = (*self._setting.notes, *summaries(counted, policy), *sorted(lines))
        feed = ParsedFeed(
            version="posts",
            info=FeedInfo(
                title=self._setting.title,
                link=self._setting.base_url,
                language=self._setting.language,
            ),
            entries=entries,
            warnings=bounded(warnings),
            complete=self._complete(),
        )
        kinds = counted + Counter(
            note.kind for kept in self._kept.values() for note in (*kept.notes, *kept.body_notes)
        )
        kinds["twice"] += len(twice)
        kinds["left-out"] += len(self._folder.warnings)
        return Reading(
            feed=feed,
            engine=self._setting.engine.name,
            files=len(self._folder.files),
            rendered=self._rendered,
            next_due=self.choice.next_due,
            kinds=+kinds,
        )

    def _complete(self) -> bool:
        """Tell whether every post was read: what is no entry here is gone from the site."""
        unread = (kept.head.skip == "unread" and kept.notes for kept in self._kept.values())
        return self._folder.complete and not self.choice.counted["beyond-limit"] and not any(unread)

    def _without_twice(self, twice: dict[str, Note]) -> list[Chosen]:
        """Let the first by path of posts of one identity stand."""
        first: dict[str, str] = {}
        for post in sorted(self.choice.posts, key=lambda post: post.head.path):
            owner = first.setdefault(post.head.guid, post.head.path)
            if owner != post.head.path:
                words = f"has the identity of {owner} ({post.head.guid}); left out"
                twice[post.head.path] = Note("twice", 1, words)
        return [post for post in self.choice.posts if post.head.path not in twice]

    def _entries(self, posts: Iterable[Chosen]) -> Iterable[ParsedEntry]:
        resolve = Index(kept.head for kept in self._kept.values())
        reader = BodyReader(self._setting, resolve, self._selectors, self._source_pattern)
        for post in posts:
            kept = self._kept[post.head.path]
            body = kept.unpack(resolve) or self._read_body(reader, kept)
            yield entry_of(self._setting, post, body)

    def _read_body(self, reader: BodyReader, kept: Kept) -> Body:
        file, notes = self._files[kept.head.path], Notes()

        def read() -> Body | None:
            opened = self._open(file, Notes())
            if opened is None:
                return None
            return reader.read(kept.head, self._kind(file.path), opened, notes)

        body = _guarded(read, notes) or Body()
        kept.pack(body)
        kept.body_notes, kept.body_counted = tuple(notes.warnings), tuple(notes.counted)
        self._rendered += 1
        return body

    # -- what is said ----------------------------------------------------------------------------

    def _counted(self, posts: Iterable[Chosen]) -> Counter[str]:
        counted = Counter(word for kept in self._kept.values() for word in kept.counted)
        shown = [self._kept[post.head.path] for post in posts]
        counted.update(word for kept in shown for word in set(kept.body_counted) if ":" not in word)
        counted.update(word for kept in shown for word in kept.body_counted if ":" in word)
        extra = ("undated", "future", "expired", "beyond-limit", "undated-skipped")
        counted.update({name: self.choice.counted[name] for name in extra})
        if not self._setting.permalink and self._setting.base_url:
            counted["no-permalink"] = sum(post.head.permalink is None for post in posts)
        return counted

    def _lines(self, twice: dict[str, Note]) -> list[str]:
        """Make one line for each file of which something is to be said."""
        lines = list(self._folder.warnings)
        for path, kept in self._kept.items():
            notes = (*kept.notes, *kept.body_notes, *((twice[path],) if path in twice else ()))
            if notes:
                lines.append(file_line(path, notes))
        return lines


def _guarded(read: Callable[[], _T], notes: Notes) -> _T | None:
    """Keep a fault of ours inside the file it was met in."""
    try:
        return read()
    except Exception as error:
        words = (
            f"could not be read, a fault of the aggregator's own: {type(error).__name__}: {error}"
        )
        notes.warn("bug", " ".join(words.split()))
        return None


def _selectors(texts: Iterable[str]) -> tuple[CSSSelector, ...]:
    try:
        return tuple(selector(text) for text in texts)
    except BadSelectorError as error:
        raise ParseError(f"remove: {error}") from error


def _pattern(key: str, text: str | None) -> Any:
    """Compile a pattern that takes linear time, whatever it is and whatever it reads."""
    if text is None:
        return None
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(text, options)
    except re2.error as error:
        raise ParseError(f"{key}: {text} is no RE2 pattern: {error}") from error


def _sidecars(files: Iterable[PostFile]) -> dict[str, bytes]:
    return {
        file.path.removesuffix(".meta"): file.body for file in files if file.path.endswith(".meta")
    }


def _extension(path: str) -> str:
    return path.rsplit(".", 1)[-1].lower() if "." in path.rsplit("/", 1)[-1] else ""
