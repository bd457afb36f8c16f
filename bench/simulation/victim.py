"""A process that polls once, to be killed: ``python -m bench.simulation.victim FILE``."""

import pickle
import sys
from pathlib import Path

from aggregator import app


def main(words: Path) -> None:
    """Poll what is due at the moment the file names."""
    settings, instance, now = pickle.loads(words.read_bytes())
    app.build(settings, instance, lambda: now).poll_due()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
