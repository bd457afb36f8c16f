"""Safe HTML: nh3 with one list of what may stay, and addresses made absolute on the way."""

import re
from functools import lru_cache

import nh3

from aggregator.core.html.addresses import Rewrite, rewritten
from aggregator.core.html.allowed import ATTRIBUTES, DRAWN, SCHEMES, SILENT, TAGS, UNWRAPPED
from aggregator.core.html.frames import linked_frames
from aggregator.core.html.markup import tag_pattern
from aggregator.core.html.tame import tamed
from aggregator.core.html.text import clean, paragraphs, plain_text
from aggregator.core.urls import absolute

_UNWRAPPED = tag_pattern(UNWRAPPED)
_DRAWN = tag_pattern(DRAWN)
# An address that is neither absolute nor from the root, in text of small letters; every reference
# counts as one. The sign comes first, because it is what can be looked for fast.
_FROM_PAGE = re.compile(
    r"""=(?:(?<=href=)|(?<=src=)|(?<=poster=))\s*+["']?+(?!https?://|mailto:|tel:|/)"""
    r"""|=(?<=srcset=)(?!"(?:https?://|/)[^",]*+(?:,\s*+(?:https?://|/)[^",]*+)*+")"""
)
# Userinfo, in attributes as our parser writes them: "@" before the first "/" of the path. Where it
# is no address (a title), one more reading is all it costs.
_USERINFO = re.compile(r'="(?!mailto:)[^"/\\?#@]*+[/\\]*+[^"/\\?#@]*+@')
# White space around an address, which browsers take off and others do not.
_BLANK = re.compile(r'="\s|\s"')
_ADDRESS = re.compile(r"""(<[a-z]+(?: [a-z]+="[^"]*+")*? (?:href|src|poster)=")([^"]*+)(?=")""")
_OTHER_SCHEMES = re.compile(r"\s*(?:mailto|tel):", re.IGNORECASE)
_MOST_READINGS = 4
_FEW_REFERENCES = 2_000


def sanitize(html: str, base: str = "", rewrite: Rewrite | None = None) -> str:
    """Return HTML that can do nothing but be read.

    Relative addresses are made absolute against ``base``; without one they are dropped. The text of
    what is dropped stays, except where it was code. ``rewrite`` is applied to the absolute http(s)
    addresses of links that have a query or a fragment. No address keeps a userinfo: it may be a
    secret, and it deceives.
    """
    text = linked_frames(_undrawn(_UNWRAPPED.sub("", clean(html))), base)
    root = base if _hangs_on_page(text.lower()) else _origin(base)
    cleaned = _cleaner(root).clean(tamed(text))
    if _BLANK.search(cleaned):
        cleaned = _ADDRESS.sub(lambda found: found[1] + found[2].strip(), cleaned)
    safe = rewritten(cleaned, root, rewrite)
    return _settled(_nameless().clean(safe) if _USERINFO.search(safe) else safe)


def _undrawn(html: str) -> str:
    """Take the tags of drawings out, so that the words in them stay."""
    return _DRAWN.sub("", html) if "<svg" in html or "<SVG" in html else html


def _hangs_on_page(low: str) -> bool:
    """Tell, of text in small letters, whether an address in it may hang on more than the site.

    ``<img src>`` states an empty one, which is the page itself.
    """
    pictures = low.count("src=") + (low.count("srcset=") if "srcset" in low else 0)
    if low.count("href=") != low.count("href") or pictures != low.count("src"):
        return True
    if "poster" in low and low.count("poster=") != low.count("poster"):
        return True
    return _FROM_PAGE.search(low) is not None


def _origin(base: str) -> str:
    """Return the site of an address: what begins with a slash hangs on no more than that."""
    page = absolute(base) if base else None
    return "/".join((*page.split("/", 3)[:3], "")) if page else base


def _settled(html: str) -> str:
    """Return HTML that a reader's parser takes as ours took it.

    What is nested as HTML forbids is read otherwise when it is read again, and attacks hide in the
    difference. Where four readings do not agree, the text alone is left.
    """
    # A reference such as &#1; is a character only now.
    before, again = clean(html), _cleaner("")
    for _ in range(_MOST_READINGS):
        # What nests deep is gone already; stretches with ampersands have run together again.
        in_order = before if before.count("&") <= _FEW_REFERENCES else tamed(before)
        after = clean(again.clean(in_order))
        if after == before:
            return after
        before = after
    return paragraphs(plain_text(before))


@lru_cache(maxsize=64)
def _cleaner(base: str) -> nh3.Cleaner:
    """Return the cleaner of a base; most entries of a site share one."""
    try:
        return _cleaner_at(absolute(base) if base else None)
    except ValueError:
        # No browser knows such a host ("http://site.1/", "http://xn--/"): nothing hangs on it.
        return _cleaner_at(None)


def _cleaner_at(root: str | None) -> nh3.Cleaner:
    """Return a cleaner.

    :raises ValueError: the host of the root is none to the URL Standard
    """
    return nh3.Cleaner(
        tags=TAGS,
        clean_content_tags=SILENT,
        attributes=ATTRIBUTES,
        link_rel=None,
        url_schemes=SCHEMES,
        url_relative=("rewrite_with_base", root) if root else "deny",
        set_tag_attribute_values={"audio": {"controls": ""}, "video": {"controls": ""}},
    )


@lru_cache(maxsize=1)
def _nameless() -> nh3.Cleaner:
    """Return the cleaner that takes the userinfo out of HTML that is safe already."""

    def filtered(_tag: str, name: str, value: str) -> str | None:
        stays = name not in ("href", "src", "poster") or "@" not in value
        return value if stays or _OTHER_SCHEMES.match(value) else absolute(value)

    return nh3.Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=filtered,
        link_rel=None,
        url_schemes=SCHEMES,
        set_tag_attribute_values={"audio": {"controls": ""}, "video": {"controls": ""}},
    )
