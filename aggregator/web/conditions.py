"""Which form of an artifact a request gets, and whether it has it already (RFC 9110).

1. The compressed form is another representation and has an ETag of its own (8.8.3.3). Both ETags
   name the same content, so a request that knows either has it already; a proxy may have changed
   ``Accept-Encoding`` since.
2. ``If-None-Match`` is compared weakly (13.1.2), and where it stands ``If-Modified-Since`` does not
   count (13.2.2): a clock in whole seconds misses an edit.
"""

from dataclasses import dataclass

from werkzeug.datastructures import Accept, ETags
from werkzeug.wrappers import Request

from aggregator.model.shown import Artifact


@dataclass(frozen=True, slots=True)
class Form:
    """One representation of an artifact."""

    body: bytes
    etag: str
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What a request is answered with."""

    form: Form
    known: bool
    """The client has it: 304."""


def choose(artifact: Artifact, request: Request) -> Choice:
    """Return the form a request gets, and whether it has it already."""
    forms = _forms(artifact, request.accept_encodings)
    if "If-None-Match" not in request.headers:
        since = request.if_modified_since
        return Choice(forms[0], since is not None and artifact.last_modified <= since)
    known = next((form for form in forms if _named(form, request.if_none_match)), None)
    return Choice(known or forms[0], known is not None)


def _forms(artifact: Artifact, accepted: Accept) -> tuple[Form, Form]:
    """Return both forms, the one to send first."""
    plain = Form(artifact.body, artifact.etag)
    zipped = Form(artifact.gzip, f'{artifact.etag.removesuffix(chr(34))}-gzip"', "gzip")
    wanted = accepted.quality("gzip")
    own = next((quality for name, quality in accepted if name.lower() == "identity"), 0)
    return (zipped, plain) if wanted and wanted >= own else (plain, zipped)


def _named(form: Form, tags: ETags) -> bool:
    return tags.contains_weak(form.etag.strip('"'))
