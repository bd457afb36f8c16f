"""Published bytes with the headers they are served with, all made from the bytes themselves."""

from collections.abc import Iterable
from datetime import datetime

from aggregator.core.packing import Packed, pack
from aggregator.model.shown import Artifact, Pieces, Publication

PAGE = "html"
"""The format every feed has besides those it asks for: its page."""
MAX_BYTES = 64 * 1024 * 1024
"""Of one document. Real feeds are below 1 MB; ten times the largest body we poll is no feed."""


def artifact(
    path: str,
    media_type: str,
    body: bytes,
    changed: datetime,
    feed: str | None = None,
    headers: Iterable[tuple[str, str]] = (),
) -> Artifact:
    """Return the artifact of these bytes; equal bytes have equal compressed bytes and ETags."""
    return artifact_of(path, media_type, pack(body), changed, feed, headers)


def artifact_of(
    path: str,
    media_type: str,
    packed: Packed,
    changed: datetime,
    feed: str | None = None,
    headers: Iterable[tuple[str, str]] = (),
    *,
    page: int | None = None,
    pieces: Pieces | None = None,
) -> Artifact:
    """Return the artifact of a document that is packed already."""
    return Artifact(
        path=path,
        media_type=media_type,
        gzip=packed.gzip,
        etag=packed.etag,
        last_modified=changed.replace(microsecond=0),
        feed=feed,
        headers=tuple(headers),
        page=page,
        pieces=pieces,
    )


def headers_of(publication: Publication) -> tuple[tuple[str, str], ...]:
    """Return what a feed's documents are served with: its hubs (WebSub 4), and who keeps out."""
    hubs = (("Link", f'<{hub}>; rel="hub"') for hub in publication.hubs)
    return (*hubs, *((("X-Robots-Tag", "noindex"),) if publication.noindex else ()))
