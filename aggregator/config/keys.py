"""What the keys of feeds.yaml are made of: kinds of values, and parts that refuse unknown keys.

The models only read: what values mean together, and what stands where a key does not, is in
``records``. A key with nothing behind it is a key that is not there. ``default`` in a key is a word
to the reader; tests hold it against the records.
"""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from aggregator.config import patterns, values
from aggregator.config.values import Read
from aggregator.model.settings import Secret

FORMATS = ("atom", "rss", "json")

YEARS = timedelta(days=36_500)
MB = 1024**2

TEXT: dict[str, Any] = {"type": "string"}
LINE: dict[str, Any] = {"type": "string", "minLength": 1}
URL: dict[str, Any] = {"type": "string", "pattern": "^(https?://|\\$\\{)"}
DURATION: dict[str, Any] = {"type": "string", "pattern": "^([0-9]+ ?[smhdw]|\\$\\{.*)$"}
SIZE: dict[str, Any] = {
    "anyOf": [
        {"type": "integer"},
        {"type": "string", "pattern": "^([0-9]+ ?[kKmMgG]?i?[bB]|\\$\\{.*)$"},
    ]
}

ONLY_NAMES: dict[str, Any] = {"additionalProperties": False}


def choice(*known: str) -> Read:
    """Read one of a few words."""
    return Read(values.choice(*known), {"enum": list(known)})


def number(least: int, most: int) -> Read:
    """Read a whole number."""
    schema = {"type": "integer", "minimum": least, "maximum": most}
    return Read(values.number(least, most), schema)


def duration(least: timedelta, most: timedelta = YEARS) -> Read:
    """Read a length of time."""
    return Read(values.duration(least, most), DURATION)


Text = Annotated[str, Read(values.text, TEXT)]
Words = Annotated[str, Read(values.words, LINE)]
Flag = Annotated[bool, Read(values.flag, {"type": "boolean"})]
Duration = Annotated[timedelta, duration(timedelta(seconds=1))]
Wait = Annotated[timedelta, duration(timedelta(0), timedelta(days=1))]
Timeout = Annotated[timedelta, duration(timedelta(seconds=1), timedelta(minutes=10))]
Size = Annotated[int, Read(values.size(1024, 1024 * MB), SIZE)]
Newest = Annotated[int, number(1, 10_000)]
Hidden = Annotated[Secret, Read(values.secret, LINE)]
Token = Annotated[Secret, Read(values.token, LINE)]
Url = Annotated[str, Read(values.web_url, URL)]
Format = Annotated[str, choice(*FORMATS)]
Regex = Annotated[str, Read(patterns.regex, LINE)]
Paths = tuple[Annotated[str, Read(patterns.path_pattern, LINE)], ...]
Network = Annotated[IPv4Network | IPv6Network, Read(values.network, LINE)]
SourceName = Annotated[str, Read(values.source_name, {"pattern": "^[a-z0-9][a-z0-9._-]*$"})]
FeedSlug = Annotated[str, Read(values.feed_slug, {"pattern": "^[a-z0-9-]{1,64}$"})]
HeaderName = Annotated[str, Read(values.header_name, LINE)]
CookieName = Annotated[str, Read(values.cookie_name, LINE)]


def several(value: object) -> object:
    """Take one name as a list of it."""
    return [value] if isinstance(value, str) else value


Categories = Annotated[
    tuple[Words, ...],
    BeforeValidator(several),
    WithJsonSchema({"anyOf": [LINE, {"type": "array", "items": LINE}]}),
]

Languages = Annotated[
    tuple[Annotated[str, Read(values.language, LINE)], ...],
    BeforeValidator(several),
    WithJsonSchema({"anyOf": [LINE, {"type": "array", "items": LINE}]}),
]


def key(description: str, default: object = None, example: object = None) -> Any:
    """Describe a key that may be left out."""
    extra: dict[str, Any] = {"default": default} if default is not None else {}
    if example is not None:
        extra["examples"] = [example]
    return Field(default=None, description=description, json_schema_extra=extra)


class Part(BaseModel):
    """A mapping of known keys."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
        defer_build=True,  # else every part is built alone, and again in the whole
    )

    @model_validator(mode="before")
    @classmethod
    def _without_nothing(cls, data: Any) -> Any:
        if data is None:
            return {}
        if not isinstance(data, dict):
            return data
        known = cls.model_fields
        return {
            name: value for name, value in data.items() if value is not None or name not in known
        }

    def said(self) -> dict[str, Any]:
        """Return the keys that stand in the file, with their values."""
        return {name: getattr(self, name) for name in self.model_fields_set}
