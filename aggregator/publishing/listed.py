"""What lists remember from one round to the next."""

from msgspec import Struct, field

from aggregator.model.shown import Artifact, Credit


class Listed(Struct):
    """What was listed last: it is not made again while it is the same."""

    spoken: str = ""
    """Hash of what sources said of themselves."""
    sources: tuple[Credit, ...] = ()
    names: tuple[object, ...] = ()
    """What feeds and sources were called."""
    pages: dict[str, Artifact] = field(default_factory=dict)
    """By path, those that news does not change."""
