"""Blocks that were compressed one by one make one gzip, whatever their order."""

from gzip import decompress
from itertools import accumulate
from zlib import MAX_WBITS, decompressobj

from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.packing import block, inflated, joined, pack, runs

texts = st.lists(st.binary(max_size=300), max_size=12)
items = st.lists(st.tuples(st.text(max_size=8), st.integers(0, 40_000)), max_size=60)


@given(texts)
def test_blocks_make_one_gzip(parts: list[bytes]) -> None:
    packed = joined([block(part) for part in parts])
    assert decompress(packed.gzip) == b"".join(parts)
    reader = decompressobj(MAX_WBITS | 16)
    reader.decompress(packed.gzip)
    assert reader.eof
    assert reader.unused_data == b""  # one member: some clients read the first alone


@given(st.binary(max_size=2000))
def test_a_block_is_read_by_itself(text: bytes) -> None:
    assert inflated(block(text).deflated) == text
    assert decompress(pack(text).gzip) == text


def test_equal_bytes_in_equal_blocks_have_one_etag() -> None:
    assert pack(b"one") == pack(b"one")
    assert pack(b"one").etag != pack(b"two").etag
    assert len(pack(b"one").etag) == 34


@given(items)
def test_every_item_is_in_one_run(listed: list[tuple[str, int]]) -> None:
    counts = list(runs(listed))
    assert sum(counts) == len(listed)
    assert all(counts)


@given(items, items)
def test_news_leaves_the_runs_below_it_as_they_were(
    news: list[tuple[str, int]], listed: list[tuple[str, int]]
) -> None:
    ends = {len(listed) - end for end in accumulate(runs(listed))}
    after = {len(news) + len(listed) - end for end in accumulate(runs([*news, *listed]))}
    assert ends <= after
