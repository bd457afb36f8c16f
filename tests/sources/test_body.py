"""Bodies: their framing, their coding, their limits, and the room they have together."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.headers import Headers
from aggregator.sources.http.body import Body, framing_of
from aggregator.sources.http.room import BEGINNING, LIMIT, Room

PARTS = st.lists(st.binary(min_size=1, max_size=50), max_size=8)


def received(body: Body, data: bytes, step: int) -> bytes:
    """Give a body its data in pieces."""
    for at in range(0, len(data), step):
        if not body.add(data[at : at + step]):
            break
    return body.unpacked()


def framed(parts: list[bytes], ending: bytes = b"\r\n") -> bytes:
    chunks = b"".join(b"%x;n=v%s%s%s" % (len(part), ending, part, ending) for part in parts)
    return chunks + b"0" + ending + b"Trailer: value" + ending + ending


@given(PARTS, st.integers(1, 9), st.sampled_from([b"\r\n", b"\n"]))
def test_the_framing_of_chunks_goes_wherever_the_pieces_are_cut(
    parts: list[bytes], step: int, ending: bytes
) -> None:
    body = Body(100_000, chunked=True)
    assert received(body, framed(parts, ending), step) == b"".join(parts)


@given(st.binary(max_size=200), st.integers(1, 9))
def test_no_framing_breaks_it(data: bytes, step: int) -> None:
    received(Body(1000, chunked=True), data, step)


def test_a_gzip_body_may_come_in_chunks() -> None:
    packed = gzip.compress(b"a feed")
    body = Body(1000, "gzip", chunked=True)
    assert received(body, framed([packed[:7], packed[7:]]), 5) == b"a feed"


def test_the_framing_counts_as_received() -> None:
    body = Body(1000, chunked=True)
    received(body, b"1;" + b"x" * 2000, 100)
    assert (body.fault, body.size) == ("it is larger than 1000 bytes", 0)


@pytest.mark.parametrize("length", ["1001", "9" * 5000])
def test_what_announces_too_much_is_not_waited_for(length: str) -> None:
    body = Body(1000)
    assert not body.announce(length)
    assert body.fault == "it is larger than 1000 bytes"


@pytest.mark.parametrize("length", [None, "1000", "-5", "many", "\u0663"])
def test_what_announces_nothing_of_the_kind_is_read(length: str | None) -> None:
    assert Body(1000).announce(length)


@pytest.mark.parametrize(
    ("headers", "chunked", "fault"),
    [
        ((), False, False),
        ((("transfer-encoding", "Chunked"),), True, False),
        ((("transfer-encoding", "identity"), ("transfer-encoding", "chunked")), True, False),
        ((("transfer-encoding", "gzip, chunked"),), False, True),
        ((("transfer-encoding", "chunked;q=1"),), False, True),
    ],
)
def test_how_a_body_is_framed(headers: Headers, chunked: bool, fault: bool) -> None:
    found, words = framing_of(headers)
    assert (found, bool(words)) == (chunked, fault)


# -- room ------------------------------------------------------------------------------------------


def crowded(unread: int = 0) -> Room:
    """Return a room that is full."""
    room = Room(lambda: unread)
    room.grow(LIMIT - unread)
    return room


def test_the_beginning_of_a_body_always_has_room() -> None:
    assert crowded().allows("a", BEGINNING - 1)
    assert crowded(unread=LIMIT).allows("a", BEGINNING - 1)


def test_in_a_full_room_one_goes_on_until_it_is_done() -> None:
    room = crowded()
    assert [room.allows(who, BEGINNING) for who in ("a", "b", "a")] == [True, False, True]
    assert not room.free
    room.leave("a", 0)
    assert room.free
    assert room.allows("b", BEGINNING)


def test_while_answers_wait_to_be_read_no_large_one_goes_on() -> None:
    room = crowded(unread=LIMIT)
    assert not room.free
    assert not room.allows("a", BEGINNING)


def test_what_a_body_held_is_room_again() -> None:
    room = crowded()
    assert room.allows("a", BEGINNING)
    room.leave("c", LIMIT)
    assert room.free
    assert room.allows("b", BEGINNING)
