"""A category's name in addresses: what a slug is, and which names share one.

1. Names that differ only in case, width, spaces or underscores are one category.
2. A name whose slug would lose letters or signs carries a short hash of itself, so that "C", "C++"
   and "C#" stay three, and a name without any ASCII letter still has an address.
3. A slug matches [a-z0-9-]+ and is at most 64 characters long; the same name gives it for ever.
"""

import re
import unicodedata
from functools import lru_cache
from hashlib import sha256

_LIMIT = 64
_HASH_LENGTH = 6

_PLAIN = re.compile(r"[a-z0-9-]+")
_OTHERS = re.compile(r"[^a-z0-9]+")
_GAPS = re.compile(r"[\s_-]+")


@lru_cache(maxsize=10_000)
def category_slug(name: str) -> str:
    """Return the slug of a category's name; the same few names are asked for at every build."""
    folded = _fold(name)
    slug = _GAPS.sub("-", folded).strip("-")
    if _PLAIN.fullmatch(slug) and len(slug) <= _LIMIT:
        return slug
    digest = sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_LENGTH]
    ascii_part = _OTHERS.sub("-", slug)[: _LIMIT - _HASH_LENGTH - 1].strip("-")
    return f"{ascii_part}-{digest}" if ascii_part else digest


def _fold(name: str) -> str:
    """Fold compatibility forms and case; once more, for folding can undo the composing."""
    once = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(unicodedata.normalize("NFKC", once).split())
