"""A feed aggregator and republisher: see ARCHITECTURE.md for the rooms and the two flows."""

__version__ = "0.1.0"
