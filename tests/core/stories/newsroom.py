"""A desk to which tests bring entries, and the stories they bring."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from aggregator.core.stories import Arrival, Desk, features
from aggregator.model.known import EntryKey

MONDAY = datetime(2025, 3, 3, 8, tzinfo=UTC)


class Newsroom:
    """Takes entries as sources bring them, an hour apart unless said otherwise."""

    def __init__(self, desk: Desk | None = None) -> None:
        self.desk = desk or Desk()
        self._count = 0

    def tell(
        self,
        source: str,
        title: str,
        text: str | Sequence[str],
        *,
        hours: float | None = None,
        link: str | None = None,
        summary: str = "",
        level: str = "text+short",
    ) -> EntryKey:
        """Bring an entry; a sequence of paragraphs becomes HTML."""
        self._count += 1
        key = EntryKey(source, str(self._count))
        html = text if isinstance(text, str) else "".join(f"<p>{part}</p>" for part in text)
        at = MONDAY + timedelta(hours=self._count if hours is None else hours)
        link = link or f"https://{source}.example/{self._count}"
        self.desk.take(Arrival(key, at, features(title, summary, html, link), level))
        return key

    def are_one(self, *keys: EntryKey) -> bool:
        """Tell whether all of these stand in one story."""
        return len({self.desk.cluster(key) for key in keys}) == 1

    def are_apart(self, *keys: EntryKey) -> bool:
        """Tell whether each of these stands in a story of its own."""
        return len({self.desk.cluster(key) for key in keys}) == len(keys)
