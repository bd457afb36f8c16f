"""A catalogue of feeds from a seed: sizes, kinds and languages as they are met in the wild.

1. About 18.5 entries a feed and 5.7 kB an entry, both log-normal: 105 MB for 1,000 feeds.
2. RSS 2.0 with a description, with content:encoded, Atom 1.0 and RDF; 12 % Chinese.
3. Every tenth feed has a second version with one entry more on top.
"""

import gzip
import json
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from random import Random

from msgspec import Struct
from msgspec.structs import asdict

from bench.prose import Prose

START = datetime(2026, 1, 1, tzinfo=UTC)
CHANGED_EVERY = 10

_ENTRIES_MEDIAN, _ENTRIES_SIGMA, _ENTRIES_MOST = 15.6, 0.62, 120
_BYTES_MEDIAN, _BYTES_SIGMA, _BYTES_MOST = 2450.0, 1.1, 120_000
_CJK_SHARE = 0.12
_KINDS = ("rss", "rss-content", "atom", "rdf")
_KIND_WEIGHTS = (30, 35, 25, 10)
_MEDIA_TYPES = {
    "rss": "application/rss+xml",
    "rss-content": "application/rss+xml; charset=UTF-8",
    "atom": "application/atom+xml",
    "rdf": "text/xml",
}
_FORMAT = 3
"""Of the files: another number makes the cached ones stale."""


class Listed(Struct, frozen=True):
    """One feed of the catalogue."""

    number: int
    kind: str
    media_type: str
    entries: int
    changes: bool


class Entry(Struct, frozen=True):
    """One entry of one feed."""

    number: int
    title: str
    link: str
    when: datetime
    body: str
    summary: str


def catalogue(folder: Path, feeds: int, seed: int) -> Sequence[Listed]:
    """Make the catalogue in a folder, or read the one that was made there before."""
    index = folder / "index.json"
    wanted = {"format": _FORMAT, "feeds": feeds, "seed": seed}
    if index.exists():
        found = json.loads(index.read_text())
        if found["made"] == wanted:
            return [Listed(**line) for line in found["listed"]]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    listed = list(_write(folder, feeds, seed))
    index.write_text(json.dumps({"made": wanted, "listed": [asdict(line) for line in listed]}))
    return listed


def file_of(folder: Path, number: int, *, changed: bool = False, packed: bool = False) -> Path:
    """Name the file of one feed's body."""
    return folder / f"{number:05}{'.changed' if changed else ''}.xml{'.gz' if packed else ''}"


def _write(folder: Path, feeds: int, seed: int) -> Iterator[Listed]:
    latin, han = Prose(Random(f"{seed} latin")), Prose(Random(f"{seed} han"), cjk=True)
    for number in range(feeds):
        chance = Random(f"{seed} {number}")
        prose = han if chance.random() < _CJK_SHARE else latin
        kind = chance.choices(_KINDS, _KIND_WEIGHTS)[0]
        entries = _entries(chance, prose, number)
        changes = number % CHANGED_EVERY == 0
        _keep(folder, number, _document(kind, number, prose, entries[1:]), changed=False)
        if changes:
            _keep(folder, number, _document(kind, number, prose, entries), changed=True)
        yield Listed(number, kind, _MEDIA_TYPES[kind], len(entries) - 1, changes)


def _keep(folder: Path, number: int, text: str, *, changed: bool) -> None:
    body = text.encode()
    file_of(folder, number, changed=changed).write_bytes(body)
    packed = gzip.compress(body, compresslevel=6, mtime=0)
    file_of(folder, number, changed=changed, packed=True).write_bytes(packed)


def _entries(chance: Random, prose: Prose, number: int) -> list[Entry]:
    """Draw the entries of a feed, the newest first; that one is what the second version adds."""
    drawn = chance.lognormvariate(0, _ENTRIES_SIGMA) * _ENTRIES_MEDIAN
    count = max(1, min(_ENTRIES_MOST, round(drawn)))
    return [_entry(chance, prose, number, entry) for entry in range(count, -1, -1)]


def _entry(chance: Random, prose: Prose, feed: int, number: int) -> Entry:
    size = min(_BYTES_MOST, chance.lognormvariate(0, _BYTES_SIGMA) * _BYTES_MEDIAN)
    when = START + timedelta(hours=number * 7, minutes=feed % 60)
    link = f"https://site-{feed}.example/{when:%Y/%m}/{number}-{chance.randrange(10**8)}/"
    title = f"{prose.title()} {number}"
    return Entry(number, title, link, when, prose.body(int(size)), prose.paragraph())


# -- documents -----------------------------------------------------------------------------------


def _document(kind: str, feed: int, prose: Prose, entries: Sequence[Entry]) -> str:
    language = "zh-CN" if prose.cjk else "en"
    home = f"https://site-{feed}.example/"
    if kind == "atom":
        return _atom(home, language, entries)
    if kind == "rdf":
        return _rdf(home, language, entries)
    return _rss(home, language, entries, full=kind == "rss-content")


def _rss(home: str, language: str, entries: Sequence[Entry], *, full: bool) -> str:
    lines = "".join(_rss_item(entry, full=full) for entry in entries)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">\n'
        f"<channel><title>Site of {home}</title><link>{home}</link>"
        f'<atom:link href="{home}feed" rel="self" type="application/rss+xml"/>'
        f"<description>All of {home}</description><language>{language}</language>\n"
        f"{lines}</channel></rss>\n"
    )


def _rss_item(entry: Entry, *, full: bool) -> str:
    body = entry.body.replace("]]>", "]]&gt;")
    content = f"<content:encoded><![CDATA[{body}]]></content:encoded>" if full else ""
    about = f"<![CDATA[<p>{entry.summary}</p>]]>" if full else escape(entry.body)
    return (
        f"<item><title>{escape(entry.title)}</title><link>{entry.link}</link>"
        f"<dc:creator>Author {entry.number % 5}</dc:creator>"
        f"<pubDate>{entry.when:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
        f"<category>Topic {entry.number % 9}</category>"
        f'<guid isPermaLink="false">{entry.link}?p={entry.number}</guid>'
        f"<description>{about}</description>{content}</item>\n"
    )


def _atom(home: str, language: str, entries: Sequence[Entry]) -> str:
    lines = "".join(
        f"<entry><title>{escape(entry.title)}</title><link href='{entry.link}'/>"
        f"<id>{entry.link}</id><published>{_iso(entry.when)}</published>"
        f"<updated>{_iso(entry.when)}</updated><author><name>Author</name></author>"
        f"<summary>{escape(entry.summary)}</summary>"
        f'<content type="html">{escape(entry.body)}</content></entry>\n'
        for entry in entries
    )
    newest = _iso(max(entry.when for entry in entries))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">'
        f"<title>Site of {home}</title><id>{home}</id><link href='{home}'/>"
        f'<link rel="self" href="{home}feed"/><updated>{newest}</updated>\n{lines}</feed>\n'
    )


def _rdf(home: str, language: str, entries: Sequence[Entry]) -> str:
    order = "".join(f'<rdf:li rdf:resource="{entry.link}"/>' for entry in entries)
    lines = "".join(
        f'<item rdf:about="{entry.link}"><title>{escape(entry.title)}</title>'
        f"<link>{entry.link}</link><dc:date>{_iso(entry.when)}</dc:date>"
        f"<description>{escape(entry.body)}</description></item>\n"
        for entry in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{home}"><title>Site of {home}</title><link>{home}</link>'
        f"<description>All</description><dc:language>{language}</dc:language>"
        f"<items><rdf:Seq>{order}</rdf:Seq></items></channel>\n{lines}</rdf:RDF>\n"
    )


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
