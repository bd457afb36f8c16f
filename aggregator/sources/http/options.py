"""What libcurl is told.

Nothing outside the settings has a say: no proxy and no NO_PROXY of the environment, no .netrc, no
cookies, no HSTS and no Alt-Svc memory. HTTP/1.1, for there is one request at a time per host.
There is no limit of speed below which a transfer ends: a server may think for as long as the
deadline allows, and a trickle ends there, too.
"""

from pathlib import Path

import certifi
import pycurl

from aggregator.model.settings import HttpOptions

_WEB = pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS
_SUPPRESS_CONNECT_HEADERS = 265  # CURLOPT_, which pycurl has no name for
_BUFFER_BYTES = 64 * 1024


def set_basics(easy: pycurl.Curl) -> None:
    """Set what holds for every request."""
    for option, value in (
        (pycurl.NOSIGNAL, 1),
        (pycurl.PROTOCOLS, _WEB),
        (pycurl.FOLLOWLOCATION, 0),
        (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
        (pycurl.HTTP09_ALLOWED, 0),
        (pycurl.HTTP_CONTENT_DECODING, 0),
        (pycurl.HTTP_TRANSFER_DECODING, 0),
        (pycurl.BUFFERSIZE, _BUFFER_BYTES),
        (pycurl.PROXY, ""),
        (pycurl.NOPROXY, ""),
        (pycurl.NETRC, pycurl.NETRC_IGNORED),
        (pycurl.SSL_VERIFYPEER, 1),
        (pycurl.SSL_VERIFYHOST, 2),
        (pycurl.CAINFO, certifi.where()),
        (_SUPPRESS_CONNECT_HEADERS, 1),
    ):
        easy.setopt(option, value)


def set_own(easy: pycurl.Curl, options: HttpOptions, *, at_home: bool) -> None:
    """Set what a source has of its own; its client certificate is for its own origin only."""
    if options.ca_certificates:
        easy.setopt(pycurl.CAINFO, _path(options.ca_certificates))
    if options.proxy:
        easy.setopt(pycurl.PROXY, options.proxy.value.encode())
        easy.setopt(pycurl.PROXY_CAINFO, _path(options.ca_certificates or Path(certifi.where())))
    if options.client_certificate and at_home:
        easy.setopt(pycurl.SSLCERT, _path(options.client_certificate))
        easy.setopt(pycurl.SSLKEY, _path(options.client_key or options.client_certificate))


def is_special(options: HttpOptions) -> bool:
    """Tell whether a handle would have to be cleaned before it serves another source."""
    return bool(options.ca_certificates or options.proxy or options.client_certificate)


def _path(path: Path) -> bytes:
    return str(path).encode()
