"""What serving costs, and how long a reader waits while we poll: ``python -m bench.serving``."""
