"""Certificates of every kind, made by the openssl program."""

import ssl
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_CONFIG = """
[ca]
default_ca = own
[own]
database = {folder}/index
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
"""
_PAST = ("200101000000Z", "210101000000Z")
_NOW = ("200101000000Z", "491231235959Z")
_FUTURE = ("480101000000Z", "491231235959Z")


@dataclass(frozen=True)
class Certificates:
    """A folder of certificates with their keys."""

    folder: Path

    @property
    def authority(self) -> Path:
        """Return the certificate of who signed the others."""
        return self.folder / "authority.pem"

    def both(self, name: str) -> tuple[Path, Path]:
        """Return certificate and key."""
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    def server(self, name: str, *, asks_client: bool = False) -> ssl.SSLContext:
        """Make what a server shows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.both(name))
        if asks_client:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.authority)
        return context


def make_certificates(folder: Path, addresses: Sequence[str] = ("127.0.0.1",)) -> Certificates:
    """Make an authority and what it signed: good, expired, early, for another host.

    ``addresses`` are where the servers are.
    """
    made = Certificates(folder)
    (folder / "index").touch()
    (folder / "serial").write_text("1000\n")
    (folder / "ca.cnf").write_text(_CONFIG.format(folder=folder))
    _self_signed(made, "authority", "basicConstraints=critical,CA:TRUE")
    _self_signed(made, "self-signed", "subjectAltName=IP:127.0.0.1")
    here = ",".join(("subjectAltName=DNS:localhost", *(f"IP:{one}" for one in addresses)))
    _signed(made, "good", here, _NOW)
    _signed(made, "expired", here, _PAST)
    _signed(made, "early", here, _FUTURE)
    _signed(made, "other", "subjectAltName=DNS:other.example", _NOW)
    return made


def _self_signed(made: Certificates, name: str, extension: str) -> None:
    certificate, key = made.both(name)
    _openssl(
        *("req", "-x509", "-days", "7300", "-subj", f"/CN={name}", "-addext", extension),
        *(*_new_key(key), "-out", str(certificate)),
    )


def _signed(made: Certificates, name: str, extension: str, dates: tuple[str, str]) -> None:
    certificate, key = made.both(name)
    asked = made.folder / f"{name}.csr"
    _openssl(
        *("req", "-new", "-subj", f"/CN={name}", "-addext", extension),
        *(*_new_key(key), "-out", str(asked)),
    )
    signer, signer_key = made.both("authority")
    _openssl(
        *("ca", "-batch", "-notext", "-config", str(made.folder / "ca.cnf")),
        *("-cert", str(signer), "-keyfile", str(signer_key)),
        *("-startdate", dates[0], "-enddate", dates[1]),
        *("-in", str(asked), "-out", str(certificate)),
    )


def _new_key(path: Path) -> tuple[str, ...]:
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
    return (*curve, "-nodes", "-keyout", str(path))


def _openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)
