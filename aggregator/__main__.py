"""Let ``python -m aggregator`` be the command."""

from aggregator.cli import main

main()
