"""Which form of an artifact a request gets, and whether it has it already (RFC 9110).

1. The compressed form is another representation and has an ETag of its own (8.8.3.3). Both ETags
   name the same content, so a request that knows either has it already; a proxy may have changed
   ``Accept-Encoding`` since.
2. ``If-None-Match`` is compared weakly (13.1.2), and where it stands ``If-Modified-Since`` does not
   count (13.2.2): a clock in whole seconds misses an edit.
"""

from collections.abc import Sequence

from msgspec import Struct
from werkzeug.datastructures import Accept, ETags
from werkzeug.wrappers import Request

from aggregator.model.shown import Artifact


class Form(Struct, frozen=True):
    """One representation of an artifact."""

    etag: str
    encoding: str | None = None
    """None: as it is."""


class Choice(Struct, frozen=True):
    """What a request is answered with."""

    form: Form
    known: bool
    """The client has it: 304."""


def choose(artifact: Artifact, request: Request, codings: Sequence[str]) -> Choice:
    """Return the form a request gets, and whether it has it already.

    ``codings`` are those besides gzip, the best first.
    """
    forms = [_form(artifact, coding) for coding in (*codings, "gzip", None)]
    best = _best(forms, request.accept_encodings)
    if "If-None-Match" not in request.headers:
        since = request.if_modified_since
        return Choice(best, since is not None and artifact.last_modified <= since)
    named = (form for form in (best, *forms) if _named(form, request.if_none_match))
    known = next(named, None)
    return Choice(known or best, known is not None)


def _form(artifact: Artifact, coding: str | None) -> Form:
    if coding is None:
        return Form(artifact.etag)
    return Form(f'{artifact.etag.removesuffix(chr(34))}-{coding}"', coding)


def _best(forms: Sequence[Form], accepted: Accept) -> Form:
    """Return what the client likes best, of equals the first; "*" means gzip at most."""
    named = {name.lower(): quality for name, quality in accepted}
    rest = named.get("*", 0)
    likes = {form: named.get(form.encoding or "identity", 0.0) for form in forms}
    likes |= {form: named.get("gzip", rest) for form in forms if form.encoding == "gzip"}
    best = max(forms, key=lambda form: likes[form])
    return best if likes[best] else forms[-1]


def _named(form: Form, tags: ETags) -> bool:
    return tags.contains_weak(form.etag.strip('"'))
