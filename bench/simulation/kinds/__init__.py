"""All behaviours that go by the clock; ``bench.servers.misbehaving`` holds those that do not."""

from bench.simulation.kinds import conduct, hostile, moving, ordinary, telling
from bench.simulation.speaking import Kind

ROOMS = (conduct, moving, telling, hostile, ordinary)


def all_kinds() -> dict[str, Kind]:
    """Return every kind by name."""
    return {kind.name: kind for room in ROOMS for kind in room.kinds()}
