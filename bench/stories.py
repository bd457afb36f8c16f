"""``python -m bench.stories [FOLDER]``: how well and how fast stories are told once.

A folder holds a labelled set: ``entries.jsonl``, ``truth.jsonl`` and, for addresses, ``urls.jsonl``
({"url", "group"} a line). Without one only the speeds are measured, on generated papers.
"""

import argparse
import json
import shutil
import sqlite3
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain, islice
from pathlib import Path
from random import Random
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Engine, MetaData, Table, create_engine, func, select

from aggregator.cli import labelled
from aggregator.core.plan import Poll
from aggregator.core.stories import Arrival, index_keys, pack
from aggregator.core.stories.scoring import Label, attached, score, subsets
from aggregator.core.urls import canonical_key
from aggregator.model.fetched import Answer, Document, Fetched, Request, Validators
from aggregator.model.known import Due, EntryKey, PollState
from aggregator.model.parsed import FeedInfo, ParsedEntry, ParsedFeed
from aggregator.model.settings import Settings, Site, Source
from aggregator.pipeline.deciding import Decider
from aggregator.store import SqlStore, open_store
from aggregator.store.schema import story_key, story_sketch
from bench import lookalikes, report
from bench.prose import Prose

_START = datetime(2026, 1, 1, tzinfo=UTC)
_BITS = 31
_KEYS = 13
"""Keys an entry, of those that fill the index."""
_HOUR = timedelta(hours=1)

Line = Mapping[str, Any]
Row = dict[str, Any]


def main(words: list[str] | None = None) -> None:
    """Measure and print."""
    said = _parser().parse_args(words)
    about = report.machine()
    print(f"{about['date']}, {about['machine']}, Python {about['python']}\n")
    if said.folder:
        _print(_quality(said.folder, said.seed))
        listed = list(_read(said.folder / "entries.jsonl"))
    else:
        listed = list(_papers(said.entries, said.seed))
    _print(_look_alikes(said.seed))
    _print(_speed(listed, said.indexed, said.seed))
    _print(_index_bytes(said.database, _arrivals(listed), said.seed))


def _print(figures: Iterator[tuple[str, str]]) -> None:
    for name, figure in figures:
        print(f"{name:<34} {figure}", flush=True)


# -- how well ------------------------------------------------------------------------------------


def _quality(folder: Path, seed: int) -> Iterator[tuple[str, str]]:
    with (folder / "entries.jsonl").open(encoding="utf-8") as file:
        arrivals = labelled.arrivals(file)
    with (folder / "truth.jsonl").open(encoding="utf-8") as file:
        truth = labelled.labels(file)
    told = labelled.told(arrivals)
    spoken = {line["id"]: line.get("lang", "") for line in _read(folder / "entries.jsonl")}
    yield from _of(truth, told, arrivals, "all")
    for language in sorted(set(spoken.values())) if len(set(spoken.values())) > 1 else ():
        part = {one: label for one, label in truth.items() if spoken[one] == language}
        chosen = [arrival for arrival in arrivals if arrival.key.guid in part]
        yield from _of(part, told, chosen, language)
    again = labelled.told(_shuffled(arrivals, seed))
    before, after = _pairs(told), _pairs(again)
    changed = len(before ^ after) / max(1, len(before))
    yield "pairs changed, hours shuffled", f"{changed:.4f}"
    if (folder / "urls.jsonl").exists():
        yield from _addresses(list(_read(folder / "urls.jsonl")))


def _of(
    truth: Mapping[str, Label], told: Mapping[str, int], arrivals: Sequence[Arrival], name: str
) -> Iterator[tuple[str, str]]:
    found = score(truth, told)
    yield f"pair precision, {name}", f"{found.precision:.4f}"
    yield f"pair recall, {name}", f"{found.recall:.4f}"
    yield f"copies removed, {name}", f"{found.removed / max(1, found.copies):.4f}"
    yield f"look-alikes merged, {name}", f"{found.negatives_merged:,} of {found.negatives:,}"
    for subset, chosen in subsets(truth, arrivals).items():
        held, count = attached(truth, told, chosen)
        yield f"{subset}, {name}", f"{held / max(1, count):.4f}  ({held:,} of {count:,})"


def _shuffled(arrivals: Sequence[Arrival], seed: int) -> list[Arrival]:
    """Return the entries with those of each hour in another order."""
    chance = Random(seed)
    keyed = [
        (arrival.at.replace(minute=0, second=0), chance.random(), arrival) for arrival in arrivals
    ]
    return [arrival for _, _, arrival in sorted(keyed, key=lambda one: one[:2])]


def _pairs(told: Mapping[str, int]) -> set[tuple[str, str]]:
    stories: dict[int, list[str]] = defaultdict(list)
    for one, story in told.items():
        stories[story].append(one)
    return {(a, b) for ids in stories.values() for a in ids for b in ids if a < b}


def _addresses(listed: Sequence[Line]) -> Iterator[tuple[str, str]]:
    keys = {line["url"]: canonical_key(line["url"]) for line in listed}
    groups = {line["url"]: line["group"] for line in listed}
    both = Counter((groups[url], keys[url]) for url in keys)
    right = sum(n * (n - 1) // 2 for n in both.values())
    said = sum(n * (n - 1) // 2 for n in Counter(keys.values()).values())
    true = sum(n * (n - 1) // 2 for n in Counter(groups.values()).values())
    yield "addresses, precision", f"{right / max(1, said):.4f}"
    yield "addresses, recall", f"{right / max(1, true):.4f}"


def _look_alikes(seed: int) -> Iterator[tuple[str, str]]:
    """Count wrong merges among look-alikes of our own, whole and cut."""
    of_each = 14
    for sources in (1, 3, of_each):
        told = list(lookalikes.look_alikes(seed, of_each, sources))
        wrong = len(lookalikes.merged(told)) + len(lookalikes.merged(told, cut=True))
        yield f"own look-alikes merged, {sources} sources", f"{wrong:,} of {2 * len(told):,}"


# -- how fast ------------------------------------------------------------------------------------


def _speed(listed: Sequence[Line], indexed: int, seed: int) -> Iterator[tuple[str, str]]:
    yield "entries", f"{len(listed):,}, {_characters(listed):,} characters each"
    articles = [labelled.article(line) for line in listed]
    _, reading_s = _timed(lambda: list(map(labelled.read, articles)))
    arrivals = _arrivals(listed)
    _, matching_s = _timed(lambda: labelled.told(arrivals))
    yield "read, µs an entry", f"{1e6 * reading_s / len(listed):.0f}"
    yield "put to stories, µs an entry", f"{1e6 * matching_s / len(listed):.0f}"
    yield "in memory, entries a second", f"{len(listed) / (reading_s + matching_s):.0f}"
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        yield from _kept(Path(place), listed, arrivals, reading_s, indexed, seed)


def _arrivals(listed: Sequence[Line]) -> list[Arrival]:
    """Read entries as they would come, a minute apart."""
    return [
        Arrival(
            EntryKey(line["feed"], line["id"]), _at(place), labelled.read(labelled.article(line))
        )
        for place, line in enumerate(listed)
    ]


def _kept(
    folder: Path,
    listed: Sequence[Line],
    arrivals: Sequence[Arrival],
    reading_s: float,
    indexed: int,
    seed: int,
) -> Iterator[tuple[str, str]]:
    """Measure polls through SQLite, with and without stories."""
    polls = _polls(listed)
    costs = {}
    filled = folder / "filled.db"
    open_store(f"sqlite:///{filled}").close()
    _fill(filled, indexed, Random(seed))
    for level in ("text+short", "off"):
        path = folder / f"{level}.db"
        shutil.copy(filled, path)
        store = open_store(f"sqlite:///{path}")
        decider = Decider(_settings(listed, level), store)
        store.sync(decider.settings.sources, _START)
        _, costs[level] = _timed(partial(_poll_all, decider, store, polls))
        store.close()
    count = len(listed)
    yield "indexed beside them", f"{indexed:,}"
    yield "entries a poll", f"{count / len(polls):.1f}"
    yield "whole polls, entries a second", f"{count / costs['text+short']:.0f}"
    spent = costs["text+short"] - costs["off"]
    of_stories = spent + reading_s
    share = of_stories / costs["text+short"]
    yield (
        "stories through SQLite",
        f"{count / of_stories:.0f} entries a second, {share:.0%} of polls",
    )
    yield "keys an entry", f"{_mean(len(index_keys(one.features, ())) for one in arrivals):.1f}"


def _poll_all(decider: Decider, store: SqlStore, polls: Sequence[tuple[str, list[Line]]]) -> None:
    for number, (name, lines) in enumerate(polls):
        source = next(one for one in decider.settings.sources if one.name == name)
        fetched = Fetched(Document("https://a.example/", "", None, b""), str(number))
        request = Request(source, source.location, Validators())
        due = Due(name, PollState(), first=False)
        poll = Poll(decider.settings, source, due, Answer(request, fetched, _at(number)))
        feed = ParsedFeed("rss20", FeedInfo(), tuple(map(_guided, lines)))
        store.apply(decider.decide(poll, fetched, feed))


def _guided(line: Line) -> ParsedEntry:
    return replace(labelled.stated(line), guid=line["id"])


def _polls(listed: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """Return the entries as polls bring them: those of a source among each hundred at once."""
    found: list[tuple[str, list[Line]]] = []
    for start in range(0, len(listed), 100):
        by_source: dict[str, list[Line]] = defaultdict(list)
        for line in listed[start : start + 100]:
            by_source[line["feed"]].append(line)
        found.extend(by_source.items())
    return found


def _settings(listed: Sequence[Line], level: str) -> Settings:
    names = dict.fromkeys(line["feed"] for line in listed)
    sources = tuple(
        Source(name, "feed", f"https://{number}.example/", dedupe=level)
        for number, name in enumerate(names)
    )
    site = Site(url="https://feeds.example/", title="Bench")
    return Settings(path=Path("feeds.yaml"), site=site, sources=sources)


def _fill(path: Path, entries: int, chance: Random) -> None:
    """Fill the index with the keys of so many entries, none of which anybody else bears."""
    with sqlite3.connect(path) as connection:
        step = (1 << _BITS) // max(1, entries * _KEYS)
        keys = range(0, step * entries * _KEYS, max(1, step))
        rows = ((key + chance.randrange(max(1, step)), chance.randrange(entries)) for key in keys)
        connection.executemany("INSERT OR IGNORE INTO story_key VALUES (?, ?)", rows)
    connection.close()


def _index_bytes(url: str, arrivals: Sequence[Arrival], seed: int) -> Iterator[tuple[str, str]]:
    """Measure what an entry takes in each table of an index that grew poll by poll."""
    entries = range(1 << 20, (1 << 20) + 30_000)
    chance = Random(seed)
    keys = [len(index_keys(one.features, ())) for one in arrivals]
    sketches = [pack(one.features.sketch) for one in arrivals]

    def borne(entry: int) -> list[Row]:
        return [
            {"key": chance.getrandbits(_BITS), "entry": entry}
            for _ in range(keys[entry % len(keys)])
        ]

    def compared(entry: int) -> list[Row]:
        sketch = sketches[entry % len(sketches)]
        link = chance.getrandbits(_BITS)
        return [{"entry": entry, "sketch": sketch, "link_key": link, "version": 1}]

    total = 0.0
    engine = create_engine(url)
    for table, rows in ((story_key, borne), (story_sketch, compared)):
        size = _size(engine, table, (rows(entry) for entry in entries)) / len(entries)
        yield f"bytes an entry, {table.name}", f"{size:.0f}"
        total += size
    yield "bytes an entry, of index", f"{total:.0f}"
    engine.dispose()


def _size(engine: Engine, table: Table, rows: Iterable[list[Row]]) -> int:
    """Fill a copy of a table that goes with the connection; returns its size, indexes included."""
    copy = table.to_metadata(MetaData())
    for key in list(copy.foreign_key_constraints):
        copy.constraints.remove(key)
    copy._prefixes = ["TEMPORARY"]
    with engine.connect() as connection:
        copy.create(connection)
        while poll := list(chain.from_iterable(islice(rows, 20))):
            connection.execute(copy.insert(), poll)
        if engine.dialect.name == "postgresql":
            return int(connection.scalar(select(func.pg_total_relation_size(table.name))) or 0)
        pages = ("page_count", "page_size")
        count, size = (connection.exec_driver_sql(f"PRAGMA temp.{name}").scalar() for name in pages)
        return int(count or 0) * int(size or 0)


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Do something; returns what came out and the CPU seconds it took."""
    began = time.process_time()
    return work(), time.process_time() - began


def _mean(numbers: Iterator[int]) -> float:
    found = list(numbers)
    return sum(found) / len(found)


def _characters(listed: Sequence[Line]) -> int:
    return sum(len(line.get("content") or line.get("summary") or "") for line in listed) // len(
        listed
    )


def _at(place: int) -> datetime:
    return _START + place * _HOUR / 60


# -- entries -------------------------------------------------------------------------------------


def _read(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _papers(entries: int, seed: int) -> Iterator[Line]:
    """Write what two hundred papers tell: one story in three is another one's, cut a little."""
    chance = Random(seed)
    prose = Prose(Random(f"{seed} latin"))
    told: list[tuple[str, list[str]]] = []
    for number in range(entries):
        if told and chance.random() < 1 / 3:
            title, parts = chance.choice(told[-300:])
            parts = [part for part in parts if chance.random() < 0.85]
        else:
            title = prose.title()
            parts = [_mixed(prose, chance) for _ in range(chance.randint(3, 9))]
            told.append((title, parts))
        paper = f"paper-{chance.randrange(200)}"
        yield {
            "id": str(number),
            "feed": paper,
            "link": f"https://{paper}.example/{number}",
            "title": title,
            "content": "".join(f"<p>{part}</p>" for part in parts),
        }


def _mixed(prose: Prose, chance: Random) -> str:
    """Write a paragraph that no other story has."""
    words = prose.paragraph().split()
    chance.shuffle(words)
    return ". ".join(" ".join(words[at : at + 12]) for at in range(0, len(words), 12))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.stories", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="a labelled set")
    parser.add_argument(
        "--indexed", type=int, default=1_400_000, metavar="N", help="entries beside (1,400,000)"
    )
    parser.add_argument(
        "--entries", type=int, default=3000, metavar="N", help="generated, without a set (3000)"
    )
    parser.add_argument(
        "--database",
        default="sqlite://",
        metavar="URL",
        help="where the index is measured, as SQLAlchemy writes it (sqlite://)",
    )
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of what is drawn (1)")
    return parser


if __name__ == "__main__":
    main()
