"""The header lines of a request.

1. One User-Agent, with an address of ours, the same at every request; nothing is disguised.
2. Validators are echoed as they came, both, and never made up.
3. Credentials, cookies and headers of a source go to its own origin only: after a redirect to
   another they are not sent again, not even where a further redirect leads back.
4. No value can end its line: a control character is refused, never sent.
"""

from base64 import b64encode
from collections.abc import Iterator

from aggregator import __version__
from aggregator.core.headers import is_token, sendable
from aggregator.core.urls import userinfo
from aggregator.errors import FetchError
from aggregator.model.fetched import Request, Validators
from aggregator.model.settings import HttpOptions

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
_PLAIN = HttpOptions()


def user_agent(site_url: str, contact: str | None, override: str | None = None) -> str:
    """Say who asks, and how to reach us."""
    if override:
        return override
    reach = "; ".join(filter(None, (f"+{site_url}", contact)))
    return f"aggregator/{__version__} ({reach})"


def header_lines(request: Request, agent: str, *, at_home: bool) -> list[bytes]:
    """Return the lines of one request; ``at_home`` is false once it was sent to another origin.

    :raises FetchError: a header of the source's settings cannot be sent
    """
    options = request.source.http
    lines = {
        "user-agent": _line("User-Agent", options.user_agent or agent),
        "accept": _line("Accept", _ACCEPT),
        "accept-encoding": b"Accept-Encoding: gzip",
    }
    if at_home and (options != _PLAIN or "@" in request.source.location):
        lines.update((name.lower(), _line(name, value)) for name, value in _own(request))
    validators = sent_validators(request.validators)
    if validators.etag:
        lines["if-none-match"] = _echo("If-None-Match", validators.etag)
    if validators.last_modified:
        lines["if-modified-since"] = _echo("If-Modified-Since", validators.last_modified)
    return list(lines.values())


def sent_validators(validators: Validators) -> Validators:
    """Leave out what cannot be one line of a header."""
    etag, last_modified = validators.etag, validators.last_modified
    return Validators(
        etag=etag if etag and sendable(etag) else None,
        last_modified=last_modified if last_modified and sendable(last_modified) else None,
    )


def has_credentials(request: Request) -> bool:
    """Tell whether the source has anything that is for its own origin only."""
    return next(_own(request), None) is not None


def _own(request: Request) -> Iterator[tuple[str, str]]:
    """Yield the headers that are for the source's own origin."""
    options = request.source.http
    yield from ((name, secret.value) for name, secret in options.headers)
    if options.cookies:
        yield "Cookie", "; ".join(f"{name}={secret.value}" for name, secret in options.cookies)
    authorization = _authorization(request)
    if authorization:
        yield "Authorization", authorization


def _authorization(request: Request) -> str | None:
    options = request.source.http
    if options.bearer:
        return f"Bearer {options.bearer.value}"
    if options.basic:
        return _basic(options.basic[0], options.basic[1].value)
    held = userinfo(request.source.location)
    return _basic(*held) if held else None


def _basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def _echo(name: str, value: str) -> bytes:
    return f"{name}: {value}".encode("latin-1")


def _line(name: str, value: str) -> bytes:
    """Write one header; libcurl sends an empty one only if it ends in a semicolon."""
    if not is_token(name):
        raise FetchError("its settings name a header that cannot be sent")
    if not value:
        return f"{name};".encode()
    data = value if value.isascii() else value.encode("utf-8").decode("latin-1")
    if not sendable(data):
        raise FetchError(f"its settings give the header {name} a value that cannot be sent")
    return _echo(name, data)
