"""The command ``aggregator``, and ``python -m aggregator``."""

import gc

_YOUNG = 50_000
"""Objects that are made before the collector looks for rubbish among them."""


def main() -> None:
    """Run the command.

    A start makes thousands of classes and a poll thousands of records, none of them rubbish: at the
    interpreter's 700 objects, a sixth of the CPU of a start went into looking for some.
    """
    gc.set_threshold(_YOUNG)
    from aggregator.cli.main import group

    group(prog_name="aggregator")


if __name__ == "__main__":
    main()
