"""A category's name in addresses."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.core.slugs import category_slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("python", "python"),
        ("Python", "python"),
        ("TechWeb", "techweb"),
        ("Techweb", "techweb"),
        ("Open Source", "open-source"),
        ("open_source", "open-source"),
        ("open-source", "open-source"),
        ("  Open \t Source\u3000", "open-source"),
        ("open - source", "open-source"),
        ("Ｐｙｔｈｏｎ３", "python3"),
        ("Straße", "strasse"),
        ("2026", "2026"),
        ("C", "c"),
        ("C++", "c-cedb1b"),
        ("C#", "c-951a4d"),
        ("node.js", "node-js-324373"),
        ("Café", "caf-850f7d"),
        ("Cafe\u0301", "caf-850f7d"),
        ("日本", "cf2abf"),
        ("../etc/passwd", "etc-passwd-7fef78"),
        ("", "e3b0c4"),
        ("---", "cb3f91"),
        ("\udc00", "b2d612"),
    ],
)
def test_a_name_has_its_slug(name: str, slug: str) -> None:
    assert category_slug(name) == slug


def test_a_long_name_is_cut_and_told_apart_by_its_hash() -> None:
    assert category_slug("a" * 64) == "a" * 64
    longer = category_slug("a" * 65)
    assert longer.startswith("a" * 57 + "-")
    assert len(longer) == 64
    assert longer != category_slug("a" * 66)


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(), max_size=90))
def test_any_name_has_a_slug_that_is_an_address(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9-]{1,64}", category_slug(name))


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(codec="ascii"), max_size=70))
def test_case_makes_no_other_category(name: str) -> None:
    assert category_slug(name.upper()) == category_slug(name)
