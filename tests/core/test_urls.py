"""Addresses: made absolute, freed of trackers, compared."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.core.urls import absolute, canonical_key, strip_tracking, userinfo, without_userinfo

BASE = "https://site.example/blog/post"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/a?b=1#c", "https://x.example/a?b=1#c"),
        ("other", "https://site.example/blog/other"),
        ("../up", "https://site.example/up"),
        ("/root", "https://site.example/root"),
        ("?q=1", "https://site.example/blog/post?q=1"),
        ("#f", "https://site.example/blog/post#f"),
        ("./a:b", "https://site.example/blog/a:b"),
        ("/up/../root/./x", "https://site.example/root/x"),
        ("/a//b;c?d=/../#/../e", "https://site.example/a//b;c?d=/../#/../e"),
        ("/%e4%bd?100%", "https://site.example/%e4%bd?100%25"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("\\\\cdn.example\\x?a\\b", "https://cdn.example/x?a%5Cb"),
        ("http:/x.example/y", "http://x.example/y"),
        ("HTTP:x.example", "http://x.example"),
        (" \n https://x.example/a b\t", "https://x.example/a%20b"),
        ("https://x.exa\nmple/y", "https://x.example/y"),
        ("https://X.Example:443/Y", "https://x.example/Y"),
        ("http://x.example:8080/", "http://x.example:8080/"),
        ("https://name:secret@x.example/", "https://x.example/"),
        (
            "https://bücher.example/größe?q=ü#ä",
            "https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe?q=%C3%BC#%C3%A4",
        ),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("https://x.example/%e4%bd?100%", "https://x.example/%e4%bd?100%25"),
        ('https://x.example/"<>{}|^`', "https://x.example/%22%3C%3E%7B%7D%7C%5E%60"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
    ],
)
def test_an_address_is_made_absolute_and_clean(url: str, expected: str) -> None:
    assert absolute(url, BASE) == expected


@pytest.mark.parametrize(
    "base",
    [
        "https://x.example",
        "https://x.example?q",
        "https://x.example#f",
        "https://X.Example:443/a",
        "https://name@x.example/",
    ],
)
def test_a_path_from_the_root_hangs_on_the_site_alone(base: str) -> None:
    assert absolute("/a/b?c", base) == "https://x.example/a/b?c"


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "  ",
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "file:///x",
        ),
        *("mailto:a@x.example", "feed:x", "http://", "https:///", "http://[bad", "http://x:99999/"),
        *("http://x:port/", "http://a b/", "http://x.example%2fy/", "http://../", "http://\x00/"),
        *("https://x.example/" + "y" * 10_000, "http://" + "a." * 200 + "example/", "http://<x>/"),
        *("http://" + "ü" * 300 + "/", "http://☃ .example/"),
    ],
)
def test_what_is_no_web_address_is_none(url: str) -> None:
    assert absolute(url, BASE) is None


def test_a_relative_address_needs_a_base() -> None:
    assert absolute("/x") is None
    assert absolute("/x", "mailto:a@x.example") is None
    assert absolute("//x.example/") == "https://x.example/"
    assert absolute("//x.example/", "http://y.example/") == "http://x.example/"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.example/a?utm_source=f&id=1&UTM_Medium=r", "https://x.example/a?id=1"),
        ("https://x.example/a?fbclid=1", "https://x.example/a"),
        ("https://x.example/a?Campaign_ID=1&b=2&wtrid=3", "https://x.example/a?b=2"),
        ("https://x.example/a?ref_src=twsrc%5Etfw", "https://x.example/a"),
        ("https://x.example/a?gclid=1&mc_cid=2&b#c", "https://x.example/a?b#c"),
        ("https://x.example/a#xtor=RSS-1", "https://x.example/a"),
        ("https://x.example/a#utm_source=x&page=2", "https://x.example/a#page=2"),
        ("https://x.example/a?u%74m_source=x", "https://x.example/a"),
        ("https://x.example/a?source=rss", "https://x.example/a"),
        ("https://x.example/a?ref=rss-feed", "https://x.example/a"),
        ("https://x.example/a?b=1&amp;utm_source=x", "https://x.example/a?b=1"),
    ],
)
def test_trackers_are_stripped(url: str, expected: str) -> None:
    assert strip_tracking(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/a?",
        "https://x.example/a?b&&c=#",
        "https://x.example/a?q=utm_source&page=2&lang=en",
        "https://x.example/a?ref=main&source=paper&from=me&sid=5&cid=6&ga=1",
        "https://x.example/a?to=https%3A%2F%2Fy.example%2F%3Futm_source%3Dx",
        "https://x.example/utm_source=x",
        "https://x.example/a#section-2",
        "magnet:?utm_source=x",
        "mailto:a@x.example?subject=x&utm_source=y",
        "no address?utm_source=x",
    ],
)
def test_everything_that_may_name_a_page_is_kept_to_the_letter(url: str) -> None:
    assert strip_tracking(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/url?rct=j&sa=t&url=https://paper.example/s%3Fid%3D1&ct=ga",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fpaper.example%2Fs%3Fid%3D1%26fbclid%3D2&h=x",
        "https://www.google.com/url?q=https://out.reddit.com/?url%3Dhttps://paper.example/s%3Fid%3D1",
        "https://vk.com/away.php?to=https%3A%2F%2Fname:secret@paper.example%2Fs%3Fid%3D1",
    ],
)
def test_of_a_redirector_the_target_is_left(url: str) -> None:
    assert strip_tracking(url) == "https://paper.example/s?id=1"


@pytest.mark.parametrize(
    "url",
    [
        *("https://www.google.com/url?q=javascript:x", "https://www.google.com/search?q=a"),
        *("https://paper.example/url?q=https://b.example/", "https://www.youtube.com/redirect?x=1"),
    ],
)
def test_what_states_no_target_is_no_redirector(url: str) -> None:
    assert strip_tracking(url) == url


def test_ref_goes_where_it_names_the_feed_or_its_site() -> None:
    url = "https://y.example/a?ref=site.example"
    assert strip_tracking(url, "https://feeds.example/x", "https://www.site.example/") == (
        "https://y.example/a"
    )
    assert strip_tracking(url, "https://site.example/feed") == "https://y.example/a"
    assert strip_tracking(url, "https://other.example/feed") == url
    assert strip_tracking(url) == url


ALIKE = [
    ["https://www.paper.example/story/1", "http://paper.example/story/1/?utm_source=x#comments"],
    ["https://paper.example/caf%C3%A9?q=e%CC%81", "https://paper.example/cafe%CC%81?q=%C3%A9"],
    ["https://paper.example/a#b:~:text=c", "https://paper.example/a#b"],
    ["https://paper.example/a?x=1&y=2", "https://paper.example:443/a?y=2&x=1&fbclid=3"],
    ["https://paper.example", "http://paper.example/", "https://paper.example/index.html"],
    ["https://paper.example/a/index.php", "https://paper.example//a/./b/../"],
    ["https://m.paper.example/s", "https://paper.example/amp/s", "https://amp.paper.example/s/amp"],
    ["https://paper.example/s", "https://paper-example.cdn.ampproject.org/c/s/paper.example/s"],
    ["https://paper.example/s", "https://www.google.com/amp/s/paper.example/s?amp=1"],
    ["https://paper.example/s", "https://www.google.com/url?q=https://paper.example/s&sa=D"],
    ["https://paper.example/n?id=5", "https://paper.example/n;jsessionid=1?id=5&PHPSESSID=a1"],
    [
        "https://paper.example/ü b",
        "https://paper.example/%c3%bc%20b",
        "https://Paper.Example/ü%20b",
    ],
    ["https://en.wiki.example/x", "https://en.m.wiki.example/x"],
    ["https://youtu.be/abcdefghijk", "https://www.youtube.com/watch?v=abcdefghijk&feature=share"],
    ["https://paper.example/?a=1&amp;b=2", "https://paper.example/?b=2&a=1"],
    ["https://name:secret@paper.example/x", "https://paper.example/x"],
]
UNLIKE = [
    "https://paper.example/a",
    "https://paper.example/A",
    "https://paper.example/a%2Fb",
    "https://paper.example/a/b",
    "https://paper.example/a?page=1",
    "https://paper.example/a?page=2",
    "https://paper.example/a?lang=en",
    "https://paper.example/a?ref=x",
    "https://paper.example/a?sid=123",
    "https://paper.example/a;v=1",
    "https://paper.example/a.html",
    "https://paper.example/amp-a",
    "https://paper.example/#!/a",
    "https://paper.example/#/a",
    "https://paper.example/log#v1.2.3",
    "https://paper.example/log#v1.2.4",
    "https://paper.example:8080/a",
    "https://news.paper.example/a",
    "https://m.example/a",
    "https://youtu.be/abcdefghijk",
    "https://youtu.be/abcdefghijK",
    "https://paper.example/?q=%C4%E3",
    "https://paper.example/?q=%BA%C3",
    "tag:paper.example,2025:a",
    "a",
]


@pytest.mark.parametrize("urls", ALIKE, ids=range(len(ALIKE)))
def test_addresses_of_one_page_have_one_key(urls: list[str]) -> None:
    assert len({canonical_key(url) for url in urls}) == 1


def test_addresses_of_different_pages_have_different_keys() -> None:
    keys = [canonical_key(url) for url in UNLIKE]
    assert sorted(set(keys)) == sorted(keys)


_PARTS = [
    *("http:", "https:", "/", "//", "\\", "www.", "m.", "amp", "x.example", "ü", "%", "%e4", "%2F"),
    *(":80", ":", "@", "?", "&", "=", "a", "utm_source", "ref", "#", "!", "index.html", "..", ";"),
    *("[", "]", "google.com/url?q=", " ", "\n", "\x00", "\ud800", "youtu.be/", "+", "amp;", "."),
]
urls = st.one_of(
    st.text(max_size=50),
    st.lists(st.sampled_from(_PARTS), max_size=14).map("".join),
    st.lists(st.sampled_from(_PARTS), max_size=14).map(lambda parts: f"https://{''.join(parts)}"),
)


@given(urls, urls)
@settings(max_examples=800, deadline=None)
def test_whatever_the_text_nothing_is_raised_and_twice_is_once(url: str, base: str) -> None:
    made = absolute(url, base)
    assert made is None or (made.isascii() and absolute(made) == made)
    stripped = strip_tracking(url, base, base)
    assert strip_tracking(stripped, base, base) == stripped
    key = canonical_key(url)
    assert canonical_key(key) == key


@given(urls)
@settings(max_examples=300, deadline=None)
def test_stripping_trackers_from_an_address_never_changes_its_key(url: str) -> None:
    address = absolute(url) or ""
    assert canonical_key(strip_tracking(address)) == canonical_key(address)


@pytest.mark.parametrize(
    "part", ["a.", "&", "../", "%", "m.", "www.", ";jsessionid=", "\\", "utm_&", "#"]
)
def test_a_long_address_takes_no_time(part: str) -> None:
    for url in (
        part * 50_000,
        f"https://x.example/?{part * 3_000}",
        f"https://x.example/{part * 3_000}",
    ):
        assert len(strip_tracking(url)) <= len(url)
        assert canonical_key(url)
        assert absolute(url[:20_000], "https://x.example/") is None or len(url) < 20_000


# -- name and password ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "held", "rest"),
    [
        ("https://me:word@a.example/x", ("me", "word"), "https://a.example/x"),
        ("HTTPS://me@a.example", ("me", ""), "HTTPS://a.example"),
        ("https://:word@a.example", ("", "word"), "https://a.example"),
        ("https://m%40e:w%3Aord@a.example/", ("m@e", "w:ord"), "https://a.example/"),
        ("https://me@home:wo@rd@a.example/", ("me@home", "wo@rd"), "https://a.example/"),
        ("feed:https://me:word@a.example/", ("me", "word"), "feed:https://a.example/"),
        ("feed://https://me:word@a.example/", ("me", "word"), "feed://https://a.example/"),
        ("//me:word@a.example/", ("me", "word"), "//a.example/"),
        ("ftp://me:word@[b/", ("me", "word"), "ftp://[b/"),
        ("read https://me:word@a.example/ now", ("me", "word"), "read https://a.example/ now"),
        ("https://@a.example/", None, "https://a.example/"),
    ],
)
def test_a_name_and_password_are_taken_out_of_an_address(
    address: str, held: tuple[str, str] | None, rest: str
) -> None:
    assert (userinfo(address), without_userinfo(address)) == (held, rest)


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example//@me/feed",
        "https://a.example//me:word@b/feed",
        "https://archive.example/web/https://b.example//@me/feed",
        "https://a.example/?u=https://me:word@b/",
        "https://a.example/#//me@b",
        "https://a.example/@me",
        "me:word@a.example",
        "mailto:me@a.example",
        "",
    ],
)
def test_what_looks_like_a_name_and_password_elsewhere_is_none(address: str) -> None:
    """An address on whose path //name@ stood was refused, as one that holds a password."""
    assert (userinfo(address), without_userinfo(address)) == (None, address)
