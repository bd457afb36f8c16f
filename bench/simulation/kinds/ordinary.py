"""A mixed catalogue of well-behaved feeds, at the rates at which feeds are written.

Of twenty feeds two bring twenty stories a day, three bring three, six bring one every other day,
five one a week and four one a month. They hold ten to twenty-five stories, half of them in full,
six KiB compressed on average. All send validators, answer 304 and compress: what most servers do
today.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

from bench.prose import Prose
from bench.simulation.feeds import FORMS, Growing
from bench.simulation.speaking import Kind

_DAY = timedelta(days=1)
_RATES = (
    *(_DAY / 20,) * 2,
    *(_DAY / 3,) * 3,
    *(2 * _DAY,) * 6,
    *(7 * _DAY,) * 5,
    *(30 * _DAY,) * 4,
)


def kinds() -> Iterator[Kind]:
    """All of them."""
    prose = Prose(Random(7))
    forms = [form for form in FORMS if form != "rdf"]
    for number, every in enumerate(_RATES):
        name = f"ordinary-{number:02}"
        listed = 10 + number * 7 % 16
        text = _texts(prose, 1400 if number % 2 else 260)
        form = forms[number % len(forms)]
        feed = Growing(name, every, listed, form, text=text, packed=True)
        yield Kind("ordinary", name, feed)


def _texts(prose: Prose, size: int) -> Callable[[int], str]:
    """Return what draws the text of a story by its number: always the same."""
    drawn = [prose.body(size) for _ in range(40)]
    return lambda number: drawn[number % len(drawn)]
