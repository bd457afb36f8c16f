"""One request's way from its first address to its answer.

1. Redirects are followed by hand, ten at most, and a circle ends at its first repetition.
2. Only an unbroken chain of 301 and 308 says where a source has moved to for good.
3. Credentials stay at home: with the first step to another origin they are left behind for good.
   Home is where the configured address is, not where a source was once found to have moved to.
4. The deadline counts what a request is under way, over all its hops, and not the time it waits
   for its turn at a host.
"""

from msgspec import Struct, field

from aggregator.errors import FetchError
from aggregator.model.fetched import Request, Traffic
from aggregator.sources.http.asking import has_credentials, header_lines
from aggregator.sources.http.place import Place, follow, locate

_HOPS = 10
_PERMANENT = (301, 308)


class Trip(Struct, eq=False):
    """A request under way."""

    request: Request
    place: Place
    at_home: bool
    """It has never been sent to another origin than the source's own."""
    permanent: bool = True
    been: list[Place] = field(default_factory=list)
    """Where it was redirected from, in order."""
    requests: int = 0
    bytes_received: int = 0
    spent_s: float = 0.0
    started_at: float = 0.0
    """When this hop began, by the monotonic clock."""
    moved_at: float = 0.0
    """When it last made progress, by the monotonic clock."""

    @property
    def domain(self) -> str:
        """Name whose turn it takes."""
        return self.place.domain

    @property
    def traffic(self) -> Traffic:
        """Say what it cost so far."""
        return Traffic(self.requests, self.bytes_received, self.spent_s)

    @property
    def permanent_url(self) -> str | None:
        """Say where it was sent for good, if it was."""
        return self.place.url if self.been and self.permanent else None

    @property
    def left_behind(self) -> bool:
        """Tell whether credentials were not sent, because this is not where they belong."""
        return not self.at_home and has_credentials(self.request)

    def begin_hop(self, now: float) -> None:
        """Start the clock of a hop."""
        self.started_at = self.moved_at = now

    def end_hop(self, now: float) -> None:
        """Stop the clock of a hop."""
        self.spent_s += now - self.started_at

    def header_lines(self, agent: str) -> list[bytes]:
        """Return what this hop is asked with.

        :raises FetchError: a header of the source's settings cannot be sent
        """
        return header_lines(self.request, agent, at_home=self.at_home)

    def redirect(self, status: int, location: str) -> None:
        """Go where a redirect leads.

        :raises FetchError: nowhere, in a circle, or too far
        """
        target = follow(self.place, location)
        self.been.append(self.place)
        if target in self.been:
            raise FetchError("it redirects in a circle")
        if len(self.been) > _HOPS:
            raise FetchError(f"it redirects more than {_HOPS} times")
        self.permanent = self.permanent and status in _PERMANENT
        self.at_home = self.at_home and target.origin == self.place.origin
        self.place = target


def begin(request: Request) -> Trip:
    """Start a trip where the request says.

    :raises FetchError: that is no address that is fetched
    """
    place = locate(request.location)
    if request.location == request.source.location:
        return Trip(request, place, at_home=True)
    return Trip(request, place, at_home=place.origin == locate(request.source.location).origin)
