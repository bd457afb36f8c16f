"""Addresses: made absolute, freed of trackers, compared."""

from aggregator.core.urls.absolute import absolute
from aggregator.core.urls.keys import canonical_key
from aggregator.core.urls.stripping import strip_tracking
from aggregator.core.urls.userinfo import userinfo, without_userinfo

__all__ = ["absolute", "canonical_key", "strip_tracking", "userinfo", "without_userinfo"]
