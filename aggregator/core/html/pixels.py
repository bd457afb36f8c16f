"""Pictures that are there to be counted, not seen."""

import re
from collections.abc import Mapping

from aggregator.core.html.markup import TAG, attributes, tag_pattern

_IMAGE = tag_pattern(("img",))
_TINY = re.compile(r"\s*0*[01](?:\.\d+)?\s*(?:px)?\s*")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden"
    r"|(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
# Hosts, and where a host serves other pictures as well, the beginning of the path.
_TRACKERS = (
    # Feeds: FeedBurner, Feedsportal, FeedPress, FeedBlitz, Pheedo, WordPress
    r"(?:feeds\.feedburner|feedproxy\.google)\.com/(?:~ff|~f|~a)/",
    r"(?:feeds\.feedburner|feedproxy\.google)\.com/~r/[^?#]*/~4/",
    r"feedsportal\.com/",
    r"feedpress\.(?:me|it|com)/",
    r"feedblitz\.com/(?:feedblitz_rss|_/|~/|t\d?/)",
    r"pheedo\.com/",
    r"feeds\.wordpress\.com/",
    r"(?:stats|pixel|b\.stats)\.wordpress\.com/",
    r"(?:stats|pixel)\.wp\.com/",
    r"buysellads\.(?:com|net)/",
    r"medium\.com/_/stat",
    r"rss-pixel\.",
    # Mailings
    r"list-manage\.com/track/",
    r"(?:mailchimp|mandrillapp)\.com/track/",
    r"sendgrid\.net/wf/open",
    r"convertkit-mail\d?\.com/",
    r"(?:eotrx|email-open)\.substackcdn\.com/",
    # Audience and advertising
    r"doubleclick\.net/",
    r"google(?:syndication|adservices|tagmanager|-analytics)\.com/",
    r"(?:scorecardresearch|quantserve|statcounter|mixpanel|histats|hitslink|flurry)\.com/",
    r"chartbeat\.(?:com|net)/",
    r"(?:adnxs|adsrvr|criteo|outbrain|taboola|moatads|amazon-adsystem)\.(?:com|org)/",
    r"facebook\.com/tr[/?]",
    r"analytics\.twitter\.com/",
    r"t\.co/(?:i/adsct|1/i/adsct)",
    r"px\.ads\.linkedin\.com/",
    r"bat\.bing\.com/",
    r"mc\.yandex\.ru/",
    r"counter\.yadro\.ru/",
    r"top\.mail\.ru/counter",
    r"assoc-amazon\.[a-z.]+/e/ir",
    r"hm\.baidu\.com/",
    r"(?:cnzz|51\.la|umeng)\.com/",
    r"imrworldwide\.com/",
    r"ioam\.de/",
    r"met\.vgwort\.de/",
    r"krxd\.net/",
    r"(?:2o7|omtrdc)\.net/",
    r"webtrekk\.net/",
    r"parsely\.com/",
    r"hits\.(?:sh|dwyl\.com)/",
)
_BEACONS = re.compile(rf"(?:https?:)?//(?:[^/?#@]*\.)?(?:{'|'.join(_TRACKERS)})", re.IGNORECASE)
# Programs that count on anybody's host.
_COUNTERS = re.compile(
    r"/(?:piwik|matomo)\.php\?|/(?:__utm|pixel|beacon|blank|spacer|clear)\.gif(?:\?|$)|/e/ir\?",
    re.IGNORECASE,
)


def without_tracking_pixels(html: str) -> str:
    """Drop images of one pixel, hidden ones, and those of well-known trackers."""
    # What looks like an image may stand in a comment or in an attribute: every tag is read only
    # where one of them would go.
    if not any(map(_is_pixel, _IMAGE.finditer(html))):
        return html
    return TAG.sub(lambda match: "" if _is_image(match) and _is_pixel(match) else match[0], html)


def _is_hidden(stated: Mapping[str, str]) -> bool:
    """Tell by its attributes whether an element has a pixel at most, or is not shown at all."""
    if any(_TINY.fullmatch(stated.get(side, "")) for side in ("width", "height")):
        return True
    return "hidden" in stated or _HIDDEN.search(stated.get("style", "")) is not None


def _is_beacon(address: str) -> bool:
    """Tell whether an address is a well-known tracker's."""
    return _BEACONS.match(address) is not None or _COUNTERS.search(address) is not None


def _is_image(match: "re.Match[str]") -> bool:
    return (match["name"] or "").lower() == "img" and not match["end"]


def _is_pixel(match: "re.Match[str]") -> bool:
    stated = attributes(match[0])
    return _is_hidden(stated) or _is_beacon(stated.get("src", "").strip())
