"""Addresses: made absolute, freed of trackers, compared."""

from aggregator.core.urls.absolute import absolute
from aggregator.core.urls.keys import canonical_key
from aggregator.core.urls.stripping import strip_tracking

__all__ = ["absolute", "canonical_key", "strip_tracking"]
