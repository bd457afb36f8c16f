"""A mixed catalogue of well-behaved feeds, at the rates at which feeds are written.

Of sixty feeds six bring twenty stories a day, nine bring three, eighteen bring one every other day,
fifteen one a week and twelve one a month. They hold ten to twenty-five stories. Their sizes are
those of real feeds: 10 KiB compressed in the middle, log-normal, so that a few large ones make the
mean more than twice that (157 real feeds: median 10.3 KiB, mean 24.2, a deviation of the logarithm
of 1.28). All send validators, answer 304 and compress: what most servers do today.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from math import exp
from random import Random
from statistics import NormalDist

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
) * 3
_MEDIAN_KIB = 10.0
_DEVIATION = 1.28
_UNPACKED = 4.2 * 1024
"""Bytes for a KiB compressed."""
_MARKUP = 300
"""Bytes of an entry beside its text."""


def kinds() -> Iterator[Kind]:
    """All of them."""
    prose = Prose(Random(7))
    forms = [form for form in FORMS if form != "rdf"]
    sizes = _sizes(len(_RATES))
    for number, every in enumerate(_RATES):
        name = f"ordinary-{number:02}"
        listed = 10 + number * 7 % 16
        text = _texts(prose, round(sizes[number] * _UNPACKED / listed - _MARKUP))
        form = forms[number % len(forms)]
        feed = Growing(name, every, listed, form, text=text, packed=True)
        yield Kind("ordinary", name, feed)


def _sizes(count: int) -> list[float]:
    """Return compressed sizes in KiB, evenly over the distribution, in an order drawn once."""
    places = NormalDist(0, _DEVIATION)
    sizes = [_MEDIAN_KIB * exp(places.inv_cdf((number + 0.5) / count)) for number in range(count)]
    Random(7).shuffle(sizes)
    return sizes


def _texts(prose: Prose, size: int) -> Callable[[int], str]:
    """Return what draws the text of a story by its number: always the same."""
    drawn = [prose.body(size) for _ in range(40)]
    return lambda number: drawn[number % len(drawn)]
