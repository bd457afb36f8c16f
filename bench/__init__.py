"""What a poll of a thousand feeds costs: ``python -m bench``. docs/performance.md says more."""
