"""The values of front matter: text as it was typed, whatever the format calls it.

A title "No", a version "1.10" and a date "2017-02-29" survive only as text: YAML would make a
boolean, a float and an exception of them.
"""

from collections.abc import Mapping
from datetime import date, datetime, time

from msgspec import Struct, field

Value = str | None | list["Value"] | dict[str, "Value"]

_TRUE = frozenset(("true", "yes", "on", "y", "1"))
_FALSE = frozenset(("false", "no", "off", "n", "0"))


class FrontMatter(Struct, frozen=True):
    """Keys in one spelling ("Publish-Date" is "publish_date"), values as text, lists and maps."""

    values: Mapping[str, Value] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    """Where each key stands in its file, from 1."""

    def text(self, *keys: str) -> str | None:
        """Return the first of the keys that holds some text, stripped."""
        for key in keys:
            value = self.values.get(key)
            if isinstance(value, str) and value.strip():
                return value.strip()
        return None

    def says(self, key: str, answer: bool) -> bool:
        """Tell whether a key is plainly true, or plainly false."""
        value = self.values.get(key)
        words = _TRUE if answer else _FALSE
        return isinstance(value, str) and value.strip().lower() in words

    def line(self, key: str) -> int:
        """Return the line a key stands on."""
        return self.lines.get(key, 1)


def plain_key(key: str) -> str:
    """Spell a key the one way: "Publish-Date" is "publish_date"."""
    return key.strip().lower().replace("-", "_").replace(" ", "_")


def as_value(value: object) -> Value:
    """Turn what TOML or JSON gave into text, lists and maps."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list):
        return [as_value(item) for item in value]
    if isinstance(value, dict):
        return {str(key): as_value(item) for key, item in value.items()}
    return str(value)


def front_matter(values: Mapping[str, Value], lines: Mapping[str, int]) -> FrontMatter:
    """Give all keys their one spelling; the last of two that meet counts."""
    return FrontMatter(
        {plain_key(key): value for key, value in values.items()},
        {plain_key(key): line for key, line in lines.items()},
    )
