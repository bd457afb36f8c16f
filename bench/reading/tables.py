"""The tables that are about one thing: dates, HTML, addresses, pages, lists of subscriptions."""

import ast
import html
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aggregator.core.dates import parse_date
from aggregator.core.normalise.texts import body_of as shown_body
from aggregator.core.urls import canonical_key, strip_tracking
from aggregator.errors import ParseError
from aggregator.formats.reading.discovery import feeds_of_page
from aggregator.formats.reading.opml import SubscriptionList, read_subscriptions
from aggregator.model.parsed import Text
from bench.reading.fields import instant, read, same_instant
from bench.reading.safety import text_of, unsafe
from bench.reading.score import Score
from bench.reading.suites import Case, body_of, cases, lines_of

Judge = Callable[[Score, Path, Case], None]

_KEY = re.compile(r"\[('\w+'|\"\w+\"|\d+)\]")
_PATH = rf"result((?:{_KEY.pattern})+)"
_EQUAL = re.compile(rf"(len\()?{_PATH}\)?\s*==\s*(.+)")
_INSIDE = re.compile(rf"(.+?)\s+in\s+{_PATH}")


def _judge_dates(score: Score, folder: Path, case: Case) -> None:
    """Dates that are read, hard ones, and what is no date."""
    wanted = map(instant, (case["utc"], *case["alt"]))
    got = parse_date(case["input"])
    kind = "reject" if case["utc"] is None else "hard" if "hard" in case["tags"] else "parse"
    right = any(same_instant(one, got) for one in wanted)
    score.note(case["case"], kind, f"{case['input']} is {case['utc']}", got, right=right)


def _judge_sanitize(score: Score, folder: Path, case: Case) -> None:
    """HTML: nothing active is left, the text is, and addresses are absolute."""
    label, stated = case["case"], case["input"]
    got = shown_body(Text(stated, True, case["base"]), case["base"], strip=True)
    left = unsafe(got)
    score.note(label, f"safe:{case['kind']}", stated, left or got, right=not left)
    if wanted := case.get("must_contain"):
        text = text_of(got)
        score.note(label, "text kept", wanted, text, right=all(w in text for w in wanted))
    if wanted := case.get("must_urls"):
        plain = html.unescape(got)
        score.note(label, "absolute", wanted, got, right=all(url in plain for url in wanted))


def _judge_urlclean(score: Score, folder: Path, case: Case) -> None:
    """Addresses: trackers go, what names a page stays, one page has one key."""
    kind = case["op"] + (" (optional)" if case.get("optional") else "")
    wanted, got, right = _address(case)
    score.note(case["case"], kind, f"{case.get('input') or case['a']} → {wanted}", got, right=right)


def _address(case: Case) -> tuple[object, object, bool]:
    if case["op"] in ("same", "different"):
        a, b = canonical_key(case["a"]), canonical_key(case["b"])
        return f"{case['op']} {case['b']}", (a, b), (a == b) == (case["op"] == "same")
    own = (case.get("feed_url") or "", case.get("site_url") or "")
    got = strip_tracking(case["input"], *own)
    if case["op"] == "keep":
        return case["input"], got, got == case["input"]
    wanted = case["expected"]
    return wanted, got, got == wanted if case.get("strict") else _parts(got) == _parts(wanted)


def _parts(url: str) -> tuple[object, ...]:
    """Return what tells an address from others, its parameters in any order."""
    split = urlsplit(url)
    pairs = sorted(parse_qsl(split.query, keep_blank_values=True))
    return split.scheme, split.netloc.lower(), split.path or "/", pairs, split.fragment


def _judge_discovery(score: Score, folder: Path, case: Case) -> None:
    """Pages: the feeds they name, in their order."""
    page = case.get("html")
    if page is None:
        page = body_of(folder, case).decode("utf-8", "replace")
    got = [feed.url for feed in feeds_of_page(page, case["page_url"])]
    right = got in (case["expected"], *case.get("alt", ()))
    if case.get("unordered"):
        right = sorted(got) == sorted(case["expected"])
    kind = "optional" if case.get("optional") else "must"
    score.note(case["case"], kind, case["expected"], got, right=right)


def _judge_opml(score: Score, folder: Path, case: Case) -> None:
    """Lists of subscriptions: addresses, titles and categories of the feeds in them.

    What a table says of anything else (bozo, versions, owners) is not ours to read.
    """
    try:
        found = read_subscriptions(body_of(folder, case))
    except ParseError as refusal:
        score.note(case["case"], "read", case["description"], refusal, right=False)
        return
    _wanted_of_list(score, case, found)
    _stated_of_list(score, case, found)


def _wanted_of_list(score: Score, case: Case, found: SubscriptionList) -> None:
    wanted = (case.get("expect") or {}).get("subscriptions")
    if wanted is None:
        return
    label = case["case"]
    score.note(label, "feeds", len(wanted), len(found.feeds), right=len(wanted) == len(found.feeds))
    for one, feed in zip(wanted, found.feeds, strict=False):
        score.note(label, "url", one["FeedURL"], feed.url, right=one["FeedURL"] == feed.url)
        # A list that states no title gets its feed's, once that is read.
        stands = one["Title"] == feed.title or not feed.title
        score.note(label, "title", one["Title"], feed.title, right=stands)
        category = feed.categories[0][-1] if feed.categories else ""
        right = one["CategoryName"] == category
        score.note(label, "category", one["CategoryName"], category, right=right)


def _stated_of_list(score: Score, case: Case, found: SubscriptionList) -> None:
    """Compare with statements such as ``result["feeds"][0]["url"] == "…"``."""
    feeds = [
        {
            "url": feed.url,
            "title": feed.title,
            "categories": [list(path) for path in feed.categories],
            "tags": [path[0] for path in feed.categories if len(path) == 1],
        }
        for feed in found.feeds
    ]
    for statement in case.get("raw_eval") or ():
        right = _holds(statement, {"feeds": feeds})
        if right is not None:
            score.note(case["case"], "statement", statement, feeds, right=right)


def _holds(statement: str, result: Mapping[str, Any]) -> bool | None:
    """Tell whether a statement holds; None where it is about something else."""
    if equal := _EQUAL.fullmatch(statement):
        path, literal = equal[2], equal[4]
        found = _at(result, path)
        found = len(found) if equal[1] and found is not None else found
        return found == ast.literal_eval(literal) if "feeds" in path else None
    if inside := _INSIDE.fullmatch(statement):
        path = inside[2]
        found = _at(result, path) or ()
        return ast.literal_eval(inside[1]) in found if "feeds" in path else None
    return None


def _at(holder: Any, path: str) -> Any:
    for key in _KEY.findall(path):
        try:
            holder = holder[ast.literal_eval(key)]
        except (IndexError, KeyError):
            return None
    return holder


def score_table(folder: Path, name: str) -> Score:
    """Judge every case of one of ``TABLES``."""
    return _judged(Score(name), folder, cases(folder, name), TABLES[name])


def score_real(folder: Path) -> Score:
    """Feeds as they were captured: each is read, with no fewer entries than feedparser finds."""
    captured = lines_of(folder / "real" / "index.jsonl")
    return _judged(Score("real"), folder, captured, _judge_real)


def _judge_real(score: Score, folder: Path, case: Case) -> None:
    label, wanted = case["file"], int(case["entries"])
    body = (folder / "real" / label).read_bytes()
    try:
        got = len(read(body, f"https://{case['host']}/feed", {}).entries)
    except ParseError as refusal:
        score.note(label, "read", "a feed", refusal, right=False)
        return
    score.note(label, "read", "a feed", "a feed", right=True)
    score.note(label, "entries", wanted, got, right=got >= wanted)


def _judged(score: Score, folder: Path, found: Iterable[Case], judge: Judge) -> Score:
    for case in found:
        score.cases += 1
        before = len(score.misses)
        try:
            judge(score, folder, case)
        except Exception as error:  # a crash is what is looked for
            score.crashes += 1
            label = case.get("case") or case["file"]
            score.note(label, "crash", "an answer", repr(error), right=False)
        score.whole += len(score.misses) == before
    return score


TABLES: Mapping[str, Judge] = {
    "dates": _judge_dates,
    "sanitize": _judge_sanitize,
    "urlclean": _judge_urlclean,
    "discovery": _judge_discovery,
    "opml": _judge_opml,
}
"""Those that are no suites of feeds, in the order of the report."""
