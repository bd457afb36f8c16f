"""Only what changed is read again; nothing that was read is wrong for it."""

from hypothesis import given, settings
from hypothesis import strategies as st
from post_cases import SITE, content, folder, post

from aggregator.formats.reading.posts import PostReader, read_posts
from aggregator.formats.reading.posts.bodies import Body
from aggregator.formats.reading.posts.heads import Head
from aggregator.formats.reading.posts.memo import Kept, Memo

FILES: dict[str, str | bytes] = {
    f"_posts/2026-01-{day:02}-p{day}.md": post(f"Text {day}.", title=f"T{day}")
    for day in range(1, 9)
}


def rendered(reader: PostReader, files: dict[str, str | bytes], **options: object) -> list[str]:
    return [content(entry) for entry in reader(folder(files, **options)).entries]


def test_of_a_second_reading_only_what_changed_is_rendered() -> None:
    reader = PostReader()
    assert reader.read(folder(FILES)).rendered == 8
    assert reader.read(folder(FILES)).rendered == 0
    changed = {**FILES, "_posts/2026-01-08-p8.md": post("Another.", title="T8")}
    reading = reader.read(folder(changed))
    assert reading.rendered == 1
    assert reading.feed == read_posts(folder(changed))


def test_other_rules_read_everything_again() -> None:
    reader = PostReader()
    rendered(reader, FILES)
    assert reader(folder(FILES, base_url=SITE)) == read_posts(folder(FILES, base_url=SITE))


def test_a_text_is_read_again_when_a_post_it_names_moved() -> None:
    reader = PostReader()
    naming = {"_posts/2026-02-01-a.md": post("[x]({% post_url 2026-01-02-b %})")}
    before = rendered(reader, {**naming, "_posts/2026-01-02-b.md": post()}, base_url=SITE)
    after = rendered(reader, {**naming, "_posts/2026-01-02-b.md": post(slug="c")}, base_url=SITE)
    assert "/2026/01/02/b.html" in before[0]
    assert "/2026/01/02/c.html" in after[0]


def test_warnings_are_said_again() -> None:
    reader = PostReader()
    odd = folder({"2026-01-02-a.md": post(date="never")})
    assert reader(odd).warnings == reader(odd).warnings != ()


def kept(path: str, text: str) -> Kept:
    made = Kept(b"", Head(path), (), ())
    made.pack(Body(content=text, excerpt="e"))
    return made


def test_a_text_is_kept_as_it_was() -> None:
    assert kept("a", "<p>日本</p>").unpack(str) == Body(content="<p>日本</p>", excerpt="e")


def test_texts_beyond_the_room_are_forgotten_and_heads_are_not() -> None:
    memo = Memo(room=200)
    texts = {"a": "x", "b": "".join(map(chr, range(256, 800))), "c": "z"}
    memo.keep("blog", {path: kept(path, text) for path, text in texts.items()})
    found = memo.of("blog")
    assert {path: each.unpack(str) is not None for path, each in found.items()} == {
        "a": True,
        "b": False,
        "c": True,
    }


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from("abcdef"),
            st.sampled_from(
                [
                    "words",
                    "{% post_url b %}",
                    "[[c]]",
                    "---\ntitle: x\n---\n",
                    "---\npermalink: /z/\n---\n",
                    "\0",
                ]
            ),
        ),
        max_size=5,
    )
)
def test_memory_changes_nothing(scans: list[dict[str, str]]) -> None:
    reader = PostReader()
    for scan in scans:
        files = {f"{name}.md": text for name, text in scan.items()}
        made = folder(dict(files), base_url=SITE, permalink="/:name/")
        assert reader(made) == read_posts(made)
