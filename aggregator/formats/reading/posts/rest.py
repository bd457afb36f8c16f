"""reStructuredText by docutils, where it is installed; without files, raw HTML or settings."""

import io
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_LIMIT = 300_000
"""Characters."""
_EFFORT_LIMIT = 3 * 10**8
"""Sum of the squares of all blocks' lengths: docutils takes quadratic time for one paragraph of
unbalanced marks, 40 s for 60,000 characters."""

_SETTINGS: dict[str, Any] = {
    "_disable_config": True,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "embed_stylesheet": False,
    "stylesheet_path": "",
    "syntax_highlight": "none",
    "math_output": "LaTeX",
    "report_level": 5,
    "halt_level": 5,
    "doctitle_xform": False,
    "initial_header_level": 2,
    "line_length_limit": 100_000,
    "output_encoding": "unicode",
}


def is_too_long(text: str) -> bool:
    """Tell whether a text may take docutils longer than a few seconds."""
    blocks = (len(block) for block in text.split("\n\n"))
    return len(text) > _LIMIT or sum(length * length for length in blocks) > _EFFORT_LIMIT


def render_rest(text: str) -> str | None:
    """Return HTML; None where docutils is not installed or gives up."""
    if find_spec("docutils") is None:
        return None
    settings = {**_SETTINGS, "warning_stream": io.StringIO()}
    try:
        parts = import_module("docutils.core").publish_parts(
            text, writer=_writer()(), settings_overrides=settings
        )
    except (import_module("docutils.utils").SystemMessage, RecursionError):
        return None
    return str(parts["body"])


@cache
def _writer() -> type[Any]:
    """Return docutils' writer of HTML 5, but for the page around the body, which is a file."""
    writer = import_module("docutils.writers.html5_polyglot").Writer
    return type("BodyWriter", (writer,), {"apply_template": lambda self: ""})
