"""Frames, which no feed may carry, as links to what they show: an embedded film is not lost."""

import re
from html import escape

from aggregator.core.html.markup import TAG, attributes
from aggregator.core.urls import absolute

_FRAME = re.compile(r"<iframe[\s/>]", re.IGNORECASE)
_YOUTUBE = re.compile(r"https?://(?:www\.)?youtube\.com/embed/")
# Films, music, talks; other frames are advertisements, buttons and the like.
_PLAYER = re.compile(
    r"https?://(?:player\.|w\.soundcloud\.com/|bandcamp\.com/Embedded|music\.163\.com/outchain"
    r"|[^/?#]+/(?:[^?#]*/)?(?:embed|player|watch|videos?)(?:[-./?][^#]*)?$)"
)


def linked_frames(html: str, base: str) -> str:
    """Put a link in the place of each frame that plays something.

    Feeds write <iframe/> where the parser sees no end, and would take the rest of the text for the
    frame's: so the tags go, and what is between them stays.
    """
    if not _FRAME.search(html):
        return html
    return TAG.sub(lambda match: _linked(match, base), html)


def _linked(match: "re.Match[str]", base: str) -> str:
    if (match["name"] or "").lower() != "iframe":
        return match[0]
    stated = {} if match["end"] else attributes(match[0])
    address = absolute(stated.get("src") or stated.get("data-src") or "", base)
    if not address or not _PLAYER.match(address):
        return ""
    # The player that sets no cookies before it plays.
    shown = _YOUTUBE.sub("https://www.youtube-nocookie.com/embed/", address)
    return f'<a href="{escape(shown)}">{escape(shown)}</a>'
