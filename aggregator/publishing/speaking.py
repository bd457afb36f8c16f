"""What sources say of themselves, looked up where a feed names them.

A round that builds one feed shows fifty entries of ten thousand sources: reading what is known of
all of them took most of its time.
"""

from collections.abc import Iterable

from aggregator.model.known import Speaker
from aggregator.ports import Store


class Speakers:
    """Remembers what was looked up in one round."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._found: dict[str, Speaker | None] = {}

    def __call__(self, name: str) -> Speaker | None:
        """Return what is known of a source; None: nothing is."""
        if name not in self._found:
            self.load((name,))
        return self._found[name]

    def load(self, names: Iterable[str]) -> None:
        """Look up together those that will be asked for."""
        new = [name for name in dict.fromkeys(names) if name not in self._found]
        if new:
            said = self._store.speakers(new)
            self._found.update((name, said.get(name)) for name in new)
