"""What servers do, each with a name and with what is right for it.

``right`` is what one poll should come to: "fetched", "not modified", or words of the failure.
``then`` is what the next poll should come to, with the validators of the first. The words are made
for a deadline shorter than ``STALL_S`` and a limit of ``MAX_BYTES``.
"""

from bench.servers.guesthouse import Behaviour
from bench.servers.misbehaving.behaviours import FEED, MAX_BYTES, Row
from bench.servers.misbehaving.coding import coding_rows
from bench.servers.misbehaving.conduct import status_rows, validator_rows
from bench.servers.misbehaving.forbidden import forbidden_rows
from bench.servers.misbehaving.redirects import redirect_rows
from bench.servers.misbehaving.transport import transport_rows

CATALOGUE: tuple[Row, ...] = (
    *validator_rows(),
    *status_rows(),
    *redirect_rows(),
    *forbidden_rows(),
    *transport_rows(),
    *coding_rows(),
)

BEHAVIOURS: dict[str, Behaviour] = {row.name: row.behaviour for row in CATALOGUE}

__all__ = ["BEHAVIOURS", "CATALOGUE", "FEED", "MAX_BYTES", "Row"]
