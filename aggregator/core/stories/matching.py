"""Whether two entries tell one story: precision before recall.

A false merge loses news, a missed one only repeats it.

1. Statements that both texts hold are the evidence; boilerplate is none (``habits``).
2. Editors drop and add: that is held against nobody. Templates exchange: what stands in the place
   of something else speaks against, the more the shorter the text.
3. One statement with other figures speaks against a short text, one in seven against a long one:
   rates, weather, lotteries and notices differ in nothing else.
4. Alike titles with words or figures exchanged are a template's, unless the texts are equal.
5. A far shorter text must be the head of the longer one, cut or under one title: else it is an item
   of a digest, or what a follow-up quotes.
6. One address proves nothing by itself: link blogs and home pages share theirs.
7. Within a source only one address or title *and* one text: sources do not repeat themselves.
8. Equal ids in two sources prove nothing: a hostile feed could hide another's entry.
"""

from datetime import datetime, timedelta

from msgspec import Struct

from aggregator.core.stories.aligning import Alignment, align
from aggregator.core.stories.records import Evidence, Title, Told, Verdict
from aggregator.core.stories.titles import EXCHANGED, SAME, relation, units
from aggregator.model.settings import DEDUPE_LEVELS

_DAYS_BETWEEN_TITLES = timedelta(days=3)
_DAYS_BETWEEN_ALIKE = timedelta(days=7)

_STUB = 20
"""Units of its own below which an entry has no text to speak of."""
_TRACE = 8
"""Units of its own that prove something under one title."""
_NOTICE = 40
"""Units, boilerplate included, from which on a text without anything of its own is a notice."""
_SHORT = 80
"""Units below which a text is a short one."""
_LEAST_SAME_TITLE, _LEAST_WHOLE, _LEAST = 16, 24, 40
"""Units that must be shared."""
_ARTICLE = 60
"""Units from which on a text is no notice that the article is for subscribers."""
_GROWS_FOR = timedelta(hours=6)
"""After it came, a story under one title may be told at more length and is still the same."""
_STILL = 0.7
"""Share of a text from which on an edit that added the rest is a correction."""
_ANOTHER = 0.2
"""Share of the shorter text below which hardly anything of it is left in the other."""
_NAME_UNITS = 8
"""Of a head that is a name and a figure, "Jon Osei, 52", and no place and date of an agency."""
_TITLE_UNITS = 7
_TITLE_WORDS, _TITLE_LETTERS = 4, 20
"""Of a title that names one story though it is shorter: "Spotlight on the harbour board"."""
_INSERTED = 0.35
"""Share of the shorter text that may be inserted without being held against it."""
_LEAST_CONTAINED = 0.5
"""Share of the shorter text that must stand in the longer, however long both are."""


class Standing(Struct, frozen=True):
    """What is known to prove nothing."""

    marks: frozenset[int] = frozenset()
    title: bool = False
    """One of the titles names several stories of its source."""
    link: bool = False
    """Their address leads to several stories."""


_NOTHING_PROVEN = Standing()


class _Pair(Struct, frozen=True):
    new: Told
    old: Told
    lie: Alignment
    titles: str
    same_link: bool
    standing: Standing

    @property
    def contained(self) -> float:
        """Return how much of the shorter text is shared; a third of it may be inserted."""
        short = self.lie.shorter
        if not short:
            return 0.0
        inserted = self.lie.of_shorter(self.lie.inserted)
        return self.lie.shared / (short - min(inserted, _INSERTED * short))

    @property
    def altered(self) -> float:
        lie = self.lie
        return lie.exchanged / (lie.shared + lie.exchanged) if lie.shared else 0.0

    @property
    def differing(self) -> float:
        lie = self.lie
        figures = lie.figures_agree + lie.figures_differ
        return lie.figures_differ / figures if figures else 0.0

    @property
    def one_title(self) -> bool:
        """Tell whether both bear a title that names one story, not "Court notice"."""
        if self.titles != SAME or self.standing.title:
            return False
        return all(_names_one(title) for title in (self.new.title, self.old.title))

    @property
    def long_title(self) -> bool:
        """Tell whether their titles are long enough to speak where there is no text."""
        short = min(self.new.title.letters, self.old.title.letters, key=len)
        return units(short) >= _TITLE_UNITS

    @property
    def hours(self) -> timedelta:
        return abs(self.new.at - self.old.at)

    @property
    def cut(self) -> bool:
        return self.new.sketch.cut or self.old.sketch.cut


def _names_one(title: Title) -> bool:
    """Tell whether a title is long enough to name one story, not all court notices."""
    of_words = len(title.letters) >= _TITLE_LETTERS and len(title.words) >= _TITLE_WORDS
    return of_words or units(title.letters) >= _TITLE_UNITS


def is_hopeless(shared: int, shorter: int) -> bool:
    """Tell whether no rule takes texts for one that share so little, boilerplate left out."""
    return shorter >= _STUB and shared < _LEAST_CONTAINED * (1 - _INSERTED) * shorter


def is_another(now: Told, other: Told, verdict: Verdict) -> bool:
    """Tell whether an edit made another article of one of two that told one story."""
    if verdict.same or verdict.evidence.titles == SAME:
        return False
    whole = min(now.sketch.units, other.sketch.units) >= _ARTICLE
    return whole and verdict.evidence.contained < _ANOTHER


def is_rewritten(now: Told, before: Told, at: datetime) -> bool:
    """Tell whether an edit at that time made another text of an entry than it came with."""
    soon = at - before.at <= _GROWS_FOR
    if soon and _names_one(before.title) and relation(now.title, before.title) == SAME:
        return False
    units = now.sketch.units
    return units < _STUB or align(now.sketch, before.sketch).shared < _STILL * units


def is_other_script(one: Told, other: Told) -> bool:
    """Tell whether entries are in other Chinese characters that are to be told apart."""
    kept = one.keep_scripts or other.keep_scripts
    return kept and one.sketch.traditional != other.sketch.traditional


def judge(new: Told, old: Told, standing: Standing = _NOTHING_PROVEN) -> Verdict:
    """Say whether two entries tell one story, and by what rule."""
    pair = _Pair(
        new=new,
        old=old,
        lie=align(new.sketch, old.sketch, standing.marks),
        titles=relation(new.title, old.title),
        same_link=new.link_key is not None and new.link_key == old.link_key,
        standing=standing,
    )
    rule, against = _rule(pair)
    if not against and not _is_asked(pair, rule):
        against = "not asked for"
    if not against and is_other_script(new, old):
        against = "other characters"
    same = not against
    return Verdict(same, against or rule, _score(pair, rule) if same else 0.0, _evidence(pair))


def _is_asked(pair: _Pair, rule: str) -> bool:
    """Tell whether both sources' settings go as far as this rule."""
    level = min(DEDUPE_LEVELS.index(pair.new.level), DEDUPE_LEVELS.index(pair.old.level))
    if rule == "same source":
        return level >= DEDUPE_LEVELS.index("identity")
    if pair.same_link and pair.titles == SAME:
        return level >= DEDUPE_LEVELS.index("link")
    if rule == "text" and pair.lie.shorter >= _SHORT:
        return level >= DEDUPE_LEVELS.index("text")
    return level >= DEDUPE_LEVELS.index("text+short")


def _rule(pair: _Pair) -> tuple[str, str]:
    """Return the rule that decides, and what speaks against it."""
    if pair.new.key.source == pair.old.key.source:
        return "same source", _against_same_source(pair)
    if pair.lie.shorter < _STUB:
        return _stub_rule(pair)
    if pair.same_link and pair.titles == SAME and pair.contained >= 0.6 and not pair.differing:
        return "link", ""
    return "text", _against_text(pair)


def _stub_rule(pair: _Pair) -> tuple[str, str]:
    """Decide where one of the two has hardly a text of its own."""
    if pair.one_title and pair.contained >= 0.9 and pair.lie.shared >= _TRACE:
        return "text", _against_figures(pair) or _against_days(pair)
    if min(pair.new.sketch.units, pair.old.sketch.units) >= _NOTICE:
        return "whole text", _against_notice(pair)
    if pair.same_link and pair.titles == SAME and not pair.standing.link:
        return "link", ""
    return "title", _against_title(pair)


def _against_same_source(pair: _Pair) -> str:
    one_link = pair.same_link and not pair.standing.link
    if not one_link and pair.titles != SAME:
        return "other title and address"
    whole = align(pair.new.sketch, pair.old.sketch)
    if whole.figures_differ:
        return "figures differ"
    if not whole.longer:
        return "" if one_link and pair.titles == SAME else "no text"
    if not one_link:
        copied = pair.lie.shared >= _STUB and _is_copy(whole)
        return "" if copied else "texts differ"
    if pair.contained >= 0.95 and pair.cut and not pair.lie.exchanged:
        return ""
    if whole.shared < 0.8 * whole.shorter or pair.contained < 0.8:
        return "texts differ"
    if min(whole.heads) > 8 and pair.lie.figures_agree < 3:
        return "texts differ"
    return "texts differ" if whole.shared < 0.5 * whole.longer else ""


def _is_copy(whole: Alignment) -> bool:
    """Tell whether nothing was exchanged and little left out: a weekly column is no copy."""
    same = not whole.exchanged and not min(whole.heads)
    return same and whole.shared >= 0.95 * whole.shorter and whole.shared >= 0.8 * whole.longer


def _against_notice(pair: _Pair) -> str:
    """Both texts are boilerplate all through: then each word and figure of them must agree."""
    if pair.titles != SAME:
        return "only boilerplate in common"
    whole = align(pair.new.sketch, pair.old.sketch)
    if whole.figures_differ:
        return "figures differ"
    if whole.shared < 0.8 * whole.shorter or whole.exchanged or min(whole.heads) > 5:
        return "texts differ"
    return ""


def _against_title(pair: _Pair) -> str:
    if pair.titles != SAME:
        return "titles differ"
    if pair.standing.title:
        return "standing title"
    return _against_days(pair) if pair.one_title and pair.long_title else "title too short"


def _against_days(pair: _Pair) -> str:
    return "days apart" if pair.hours > _DAYS_BETWEEN_TITLES else ""


def _against_text(pair: _Pair) -> str:
    if pair.lie.figures_differ and pair.lie.shorter < _SHORT:
        return "figures differ"  # first, as it says more to a person than how little is left
    return (
        _against_amount(pair)
        or _against_figures(pair)
        or _against_exchange(pair)
        or ("" if pair.one_title else _against_part(pair))
    )


def _against_amount(pair: _Pair) -> str:
    lie, same = pair.lie, pair.one_title
    least = _LEAST_SAME_TITLE if same else _LEAST_WHOLE if pair.contained >= 0.9 else _LEAST
    if lie.shared < least:
        return "too little in common"
    if pair.contained < (0.55 if _is_alike(pair) else _least_contained(lie.shorter)):
        return "too little in common"
    about = pair.new.sketch.on_title or pair.old.sketch.on_title or lie.figures_agree > 1
    if not same and not about and lie.shared < _SHORT:
        return "a notice, not a story"
    return "" if same else _against_frame(pair)


def _against_frame(pair: _Pair) -> str:
    """What is left of two texts that are mostly boilerplate may agree by chance: all must."""
    raw = min(pair.new.sketch.units, pair.old.sketch.units)
    if pair.lie.shorter >= 0.5 * raw or pair.lie.shorter >= _SHORT:
        return ""
    whole = align(pair.new.sketch, pair.old.sketch)
    if whole.exchanged > 0.1 * (whole.shared + whole.exchanged) or whole.figures_differ:
        return "only boilerplate in common"
    return ""


def _against_figures(pair: _Pair) -> str:
    lie = pair.lie
    if lie.figures_differ and (lie.shorter < _SHORT or pair.differing > 0.15):
        return "figures differ"
    if lie.other_figures and lie.shorter < _SHORT and max(lie.heads) <= _NAME_UNITS:
        return "figures differ"
    if lie.denied and lie.shorter < 300:
        return "one denies the other"
    return ""


def _against_exchange(pair: _Pair) -> str:
    lie = pair.lie
    head = max(0.0, min(lie.heads) - _dateline(pair)) / max(1, lie.shared)
    if pair.altered + head > _most_altered(pair):
        return "statements exchanged"
    if pair.titles == EXCHANGED and not _is_equal(pair):
        return "titles exchanged"
    return ""


def _dateline(pair: _Pair) -> float:
    """Return the units that may be exchanged at the head: copies put their place and date there.

    Templates have the name there that all is about; few figures agree in those.
    """
    if pair.one_title and pair.lie.shorter >= _SHORT:
        return min(40.0, 15 + 0.05 * pair.lie.shorter)
    # "Police look for a missing man" is a title of many men: a short text tells by its head.
    return 12.0 if pair.lie.figures_agree > 1 else 6.0


def _is_equal(pair: _Pair) -> bool:
    """Tell whether the texts are so equal that even exchanged titles do not matter."""
    lie = pair.lie
    if lie.shared >= 150:
        return pair.contained >= 0.9 and pair.altered + min(lie.heads) / lie.shared <= 0.02
    whole = pair.contained >= 0.98 and not lie.exchanged and not min(lie.heads)
    return whole and lie.shared >= _SHORT and lie.figures_agree >= 3


def _against_part(pair: _Pair) -> str:
    """Keep a far shorter text only as the head of the longer: else it is an item of a digest."""
    lie = pair.lie
    longer, shorter = lie.longer_first(lie.wholes)
    head, _ = lie.longer_first(lie.heads)
    tail, other_tail = lie.longer_first(lie.tails)
    far = max(20, 0.15 * longer)
    if head > far and (shorter < 0.5 * longer or (tail > far and other_tail <= 5)):
        return "in the middle of the other"
    short = pair.new if lie.wholes[0] < lie.wholes[1] else pair.old
    if not short.sketch.cut and shorter < 0.35 * longer:
        return "one text inside another"
    return ""


def _is_alike(pair: _Pair) -> bool:
    """Tell whether they have one title that names one story, and nothing that contradicts it."""
    return (
        pair.one_title
        and not pair.lie.figures_differ
        and pair.altered <= _most_altered(pair)
        and pair.lie.shared >= _STUB
        and pair.hours <= _DAYS_BETWEEN_ALIKE
    )


def _least_contained(short: int) -> float:
    return (
        _LEAST_CONTAINED
        if short >= 300
        else 0.6
        if short >= 150
        else 0.7
        if short >= _SHORT
        else 0.85
    )


def _most_altered(pair: _Pair) -> float:
    """Return the share that may be exchanged: more where many figures agree and none differs."""
    short, figures = pair.lie.shorter, pair.lie.figures_agree
    most = 0.3 if short >= 600 else 0.2 if short >= 300 else 0.1 if short >= 150 else 0.05
    if not pair.one_title:
        return max(most, 0.15) if figures >= 8 and not pair.lie.figures_differ else most
    return 0.25 if figures >= 4 and not pair.lie.figures_differ else 1.5 * most


def _score(pair: _Pair, rule: str) -> float:
    if rule == "title":
        return 0.6
    text = 1.0 if rule == "whole text" else min(1.0, pair.contained) * (1 - pair.altered)
    known = 0.1 * (pair.titles == SAME) + 0.1 * pair.same_link
    return round(0.8 * text + known if pair.lie.shared else 0.7 + known, 3)


def _evidence(pair: _Pair) -> Evidence:
    lie = pair.lie
    return Evidence(
        statements=len(lie.marks),
        units=lie.shared,
        contained=round(min(1.0, pair.contained), 3),
        altered=round(pair.altered, 3),
        figures_agree=lie.figures_agree,
        figures_differ=lie.figures_differ,
        titles=pair.titles,
        same_link=pair.same_link,
    )
