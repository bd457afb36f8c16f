"""Commands about stories that several sources tell: why, split, join, dedupe."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TextIO

import click
from msgspec.structs import replace

from aggregator import app
from aggregator.cli import labelled, naming, words
from aggregator.cli.context import MANY, Place
from aggregator.core.select import dedupe_level, keeps_scripts
from aggregator.core.stories import Arrival, Desk, Features, explain, features, keeping
from aggregator.core.stories.scoring import Score, attached, score, subsets
from aggregator.core.stories.words import BY_HAND, with_samples
from aggregator.errors import UsageError
from aggregator.model.known import Article, DuplicateLink, EntryKey
from aggregator.model.settings import Match
from aggregator.model.shown import Found, Kept
from aggregator.pipeline.tellers import Tellers
from aggregator.ports import Store

_PAGE = 200


@click.command()
@click.argument("entry")
@click.argument("other", required=False)
@click.pass_obj
def why(place: Place, entry: str, other: str | None) -> None:
    """Say why entries are told as one story, or apart.

    Each is named by its id, link or guid; SOURCE:GUID where sources share it.
    """
    store = place.store()
    found = naming.the_one_meant(store, entry)
    if other is None:
        lines = _story_lines(store, found)
    else:
        lines = _pair_lines(
            Tellers(store, place.settings()), found, naming.the_one_meant(store, other)
        )
    for line in lines:
        click.echo(words.harmless(line))


@click.command()
@click.argument("entry")
@click.pass_obj
def split(place: Place, entry: str) -> None:
    """Take an entry out of its story, for good.

    It is told by itself from then on. ENTRY is its id, link or guid, or SOURCE:GUID.
    """
    pipeline = place.pipeline()
    found = naming.the_one_meant(pipeline.store, entry)
    others = pipeline.store.split(found.key, app.utc_now())
    built = pipeline.publishing.publish(bool)
    click.echo(
        f"{naming.name(found)} is parted from {words.count(others, 'copy')};"
        f" built {words.count(len(built), 'feed')}"
    )


@click.command()
@click.argument("entry")
@click.argument("other")
@click.pass_obj
def join(place: Place, entry: str, other: str) -> None:
    """Make one story of two entries and their copies, for good.

    Each is named by its id, link or guid; SOURCE:GUID where sources share it.
    """
    pipeline = place.pipeline()
    found, second = (naming.the_one_meant(pipeline.store, one) for one in (entry, other))
    if found.key == second.key:
        raise UsageError("both are the same entry")
    said = DuplicateLink(found.key, second.key, BY_HAND, 1.0, by_user=True)
    pipeline.store.join(said, app.utc_now())
    built = pipeline.publishing.publish(bool)
    both = f"{naming.name(found)} and {naming.name(second)}"
    click.echo(f"{both} are one story; built {words.count(len(built), 'feed')}")


def _story_lines(store: Store, found: Found) -> Iterator[str]:
    """Say who tells an entry's story, and by what each was found."""
    yield f"{naming.name(found)}  {found.title}"
    copies = [key for key in store.copies([found.key]) if key != found.key]
    ties = {key: keeping.tie(line) for line in store.ties([found.key]) for key in (line.a, line.b)}
    if not copies:
        yield "  nobody else tells it"
    for key in copies:
        yield f"  {key.source}:{key.guid}"
        said = explain(ties[key].verdict) if key in ties else ["Through another of the copies."]
        for line in said:
            yield f"    {line}"


def _pair_lines(tellers: Tellers, found: Found, other: Found) -> Iterator[str]:
    """Say of two entries whether they are told as one, and what is thought of them now."""
    yield f"{naming.name(found)}  {found.title}"
    yield f"{naming.name(other)}  {other.title}"
    together = other.key in tellers.store.copies([found.key])
    yield "told as one story" if together else "told as two stories"
    if frozenset((found.key, other.key)) in tellers.store.apart([found.key]):
        yield "The operator parted them."
    for tie in map(keeping.tie, tellers.store.ties([found.key])):
        if other.key in (tie.a, tie.b):
            yield from (f"  {line}" for line in explain(tie.verdict))
            return
    told = {one.key: one for one in tellers.named([found.key, other.key])}
    if len(told) > 1:
        said = {key: _features(tellers.store.revisions(key)[-1].article) for key in told}
        # Read anew: of what came long ago no sketch is kept.
        new, old = (replace(told[key], sketch=said[key].sketch) for key in (found.key, other.key))
        verdict = with_samples(Desk(tellers).compare(new, old), said[found.key], old.sketch)
        yield from (f"  {line}" for line in explain(verdict))


@click.group()
def dedupe() -> None:
    """Try how stories are put together."""


@dedupe.command("score")
@click.argument("entries", type=click.File(encoding="utf-8"))
@click.argument("truth", type=click.File(encoding="utf-8"))
@click.option(
    "--predictions",
    type=click.Path(dir_okay=False, path_type=Path),
    help='Write the story of each entry there, as lines of {"id", "cluster"}.',
)
@click.option("--by-family", is_flag=True, help="Print the figures of each family, too.")
def score_set(entries: TextIO, truth: TextIO, predictions: Path | None, *, by_family: bool) -> None:
    """Print how well copies are found in a labelled set.

    ENTRIES and TRUTH are files with a JSON object a line; nothing is kept.
    """
    arrivals = labelled.arrivals(entries)
    told = labelled.told(arrivals)
    if predictions:
        lines = (json.dumps({"id": one, "cluster": story}) for one, story in told.items())
        predictions.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    labels = labelled.labels(truth)
    for line in _figures(score(labels, told), by_family=by_family):
        click.echo(line)
    for name, chosen in subsets(labels, arrivals).items():
        click.echo(f"{name:<18} {_share(*attached(labels, told, chosen))}")


@dedupe.command()
@click.option(
    "--dry-run",
    is_flag=True,
    required=True,
    expose_value=False,
    help="Change nothing: a replay never does, and is not to be taken for one that would.",
)
@click.option("--entries", type=MANY, default=5000, show_default=True, help="The newest so many.")
@click.pass_obj
def replay(place: Place, entries: int) -> None:
    """Say which stories other settings would make or part.

    The newest entries are put to stories by the settings as they stand now; what the operator said
    is left out.
    """
    settings = place.settings()
    kept = list(_newest(place.store(), max(entries, 0)))
    by_name = {source.name: source for source in settings.sources}
    desk = Desk()
    for one in sorted(kept, key=lambda one: (one.sort_at, one.key)):
        categories = [filed.slug for filed in one.filed]
        source = by_name.get(one.key.source)
        level = dedupe_level(settings, source, categories)
        keep_scripts = keeps_scripts(settings, source, categories)
        desk.take(Arrival(one.key, one.sort_at, _features(one.article), level, keep_scripts))
    before = {one.key: one.cluster for one in kept}
    after = {one.key: desk.cluster(one.key) for one in kept}
    titles = {one.key: one.article.title for one in kept}
    together = _differences(titles, after, before, "together")
    apart = _differences(titles, before, after, "apart")
    for line in (*together, *apart):
        click.echo(words.harmless(line))
    click.echo(
        f"{words.count(len(kept), 'entry')}: {len(set(before.values()))} stories now,"
        f" {len(set(after.values()))} then"
    )


def _newest(store: Store, most: int) -> Iterator[Kept]:
    """Yield the newest entries, some at a time."""
    for skip in range(0, most, _PAGE):
        found = store.newest(Match(), since=None, limit=min(_PAGE, most - skip), skip=skip)
        yield from found
        if len(found) < _PAGE:
            return


def _differences(
    titles: Mapping[EntryKey, str],
    whole: Mapping[EntryKey, int],
    parts: Mapping[EntryKey, int],
    word: str,
) -> Iterator[str]:
    """Yield the stories of one division that are several in the other."""
    groups: dict[int, list[EntryKey]] = {}
    for key in titles:
        groups.setdefault(whole[key], []).append(key)
    for keys in groups.values():
        if len({parts[key] for key in keys}) > 1:
            yield f"would come {word}:"
            yield from (f"  {key.source}:{key.guid}  {titles[key]}" for key in sorted(keys))


def _features(article: Article) -> Features:
    return features(article.title, article.summary, article.content, article.link)


def _figures(found: Score, *, by_family: bool) -> Iterator[str]:
    yield f"pair precision     {found.precision:.5f}  ({found.pairs_right:,} of {found.pairs:,})"
    yield f"pair recall        {found.recall:.5f}  ({found.pairs_right:,} of {found.pairs_true:,})"
    yield f"copies removed     {_share(found.removed, found.copies)}"
    yield f"negatives merged   {_share(found.negatives_merged, found.negatives)}"
    if not by_family:
        return
    width = max(map(len, found.families), default=0)
    for name, family in found.families.items():
        yield (
            f"  {name:<{width}}  {family.entries:>5} entries, {family.wrongly_merged} wrongly"
            f" merged, {family.removed} of {family.copies} copies removed"
        )


def _share(part: int, whole: int) -> str:
    return f"{part / whole if whole else 0:.5f}  ({part:,} of {whole:,})"
