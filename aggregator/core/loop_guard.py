"""Know our own feeds and posts when we meet them in what we read.

A folder of posts written by us and read by us would come round for ever: every post carries the tag
under which we mint ids (``Site.tag``), in ``source_id`` where we minted that, in ``republished_by``
where the id is the publisher's own. So would a feed: an entry to which we gave an id comes back as
the other feed's, gets another, and comes back under that one. Our own feed is known by its address;
what another planet took from us, by the ids.
"""

from collections.abc import Iterable
from urllib.parse import unquote

from aggregator.model.settings import Settings, Site

_OURS_TOO = ("feed", "notice")
"""What we mint ids for besides entries of sources: feeds and their digests, and notices."""


def mark(tag: str) -> str:
    """Return what ``republished_by`` says in the posts of a site."""
    return f"tag:{tag}:posts"


def is_ours(source_id: str, tag: str) -> bool:
    """Tell whether an id, or the mark of a post, was made under this tag authority and date."""
    return bool(tag) and source_id.strip().lower().startswith(f"tag:{tag}:".lower())


def is_own_feed(address: str | None, site: Site) -> bool:
    """Tell whether an address is that of a feed we publish."""
    return address is not None and address.startswith((f"{site.url}feeds/", f"{site.url}operator."))


def minted_here(guids: Iterable[str], settings: Settings) -> frozenset[str]:
    """Return those of these ids that we gave entries, and so have already.

    Another aggregator may mint under the same tag (two on one host do): it is ours where it names a
    source that we follow ourselves.
    """
    tag = settings.site.tag
    named = {guid: _name_in(guid, tag) for guid in guids if is_ours(guid, tag)}
    if not named:
        return frozenset()
    known = {*_OURS_TOO, *(source.name for source in settings.sources)}
    return frozenset(guid for guid, name in named.items() if name in known)


def _name_in(guid: str, tag: str) -> str:
    """Return the name of the source, or of what else we mint ids for."""
    return unquote(guid[len(f"tag:{tag}:") :].partition("/")[0])
