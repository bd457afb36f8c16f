"""Stories that look alike are told apart, in English, whoever tells them."""

import pytest

from bench.lookalikes import FAMILIES, look_alikes, merged


@pytest.mark.parametrize("sources", [1, 4])
def test_no_template_makes_one_story_of_two(sources: int) -> None:
    told = list(look_alikes(1, 4, sources))
    assert len(told) == 4 * len(FAMILIES)
    assert merged(told) == []


@pytest.mark.slow
@pytest.mark.parametrize("cut", [False, True])
@pytest.mark.parametrize("sources", [1, 3, 14])
@pytest.mark.parametrize("seed", [2, 3])
def test_many_of_each_are_told_apart(seed: int, sources: int, cut: bool) -> None:
    assert merged(list(look_alikes(seed, 14, sources)), cut=cut) == []
