"""What went wrong on the way, for a person.

Nothing libcurl or the server says is repeated: it may hold a proxy's password, or anything.
"""

import errno

import pycurl

_CERTIFICATE = {
    0: "is for another name",
    1: "is for another name",  # libcurl looks at the name itself, and leaves "unspecified"
    2: "is signed by an authority we do not know",
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by itself",
    19: "is signed by an authority we do not know",
    20: "is signed by an authority we do not know",
    21: "is signed by an authority we do not know",
    23: "has been revoked",
    26: "is not meant for a server",
    62: "is for another name",
    64: "is for another name",
}
"""By OpenSSL's X509_V_ERR_ number."""

_REFUSED = {
    errno.ECONNREFUSED: "refuses the connection",
    errno.ETIMEDOUT: "does not answer",
    errno.ENETUNREACH: "cannot be reached: no network leads there",
}

_WORDS = {
    pycurl.E_UNSUPPORTED_PROTOCOL: "the answer of {whom} is no HTTP",
    pycurl.E_FTP_WEIRD_SERVER_REPLY: "the answer of {whom} is no HTTP",
    pycurl.E_URL_MALFORMAT: "its address is malformed",
    pycurl.E_COULDNT_RESOLVE_PROXY: "cannot find its proxy",
    pycurl.E_COULDNT_RESOLVE_HOST: "cannot find the host {whom}",
    pycurl.E_PARTIAL_FILE: "the answer of {whom} breaks off",
    pycurl.E_GOT_NOTHING: "{whom} closes the connection without an answer",
    pycurl.E_SEND_ERROR: "the connection to {whom} breaks off",
    pycurl.E_RECV_ERROR: "the connection to {whom} breaks off",
    pycurl.E_SSL_CONNECT_ERROR: "no encrypted connection to {whom} comes about (TLS)",
    pycurl.E_SSL_CERTPROBLEM: "its client certificate cannot be used",
    pycurl.E_SSL_CACERT_BADFILE: "its CA certificates cannot be read",
    pycurl.E_BAD_CONTENT_ENCODING: "the answer of {whom} is encoded in a way not asked for",
    97: "its proxy refuses",  # CURLE_PROXY
    100: "the headers of the answer are too large",  # CURLE_TOO_LARGE
}


def fault(code: int, easy: pycurl.Curl, whom: str) -> str:
    """Say why a transfer failed; ``whom`` is the host, or "its proxy"."""
    if code == pycurl.E_COULDNT_CONNECT:
        number = easy.getinfo(pycurl.OS_ERRNO)
        return f"{whom} {_REFUSED.get(number, 'cannot be reached')}"
    if code == pycurl.E_PEER_FAILED_VERIFICATION:
        number = easy.getinfo(pycurl.SSL_VERIFYRESULT)
        return f"the certificate of {whom} {_CERTIFICATE.get(number, 'cannot be verified')}"
    words = _WORDS.get(code, "the transfer from {whom} failed (libcurl error {code})")
    return words.format(whom=whom, code=code)


def late(whom: str, seconds: float, *, connected: bool) -> str:
    """Say what did not come in time."""
    if connected:
        return f"no whole answer of {whom} within {seconds:g} s"
    return f"no connection to {whom} within {seconds:g} s"


def not_public(host: str, address: str) -> str:
    """Say why an address is not connected to, and what to do if it should be."""
    where = address if host == address else f"{host} at {address}"
    return f"{where} is no public address; fetch.allow_networks lists those that may be polled"
