"""Copies of one story are found, whatever the papers did to them."""

import pytest
from newsroom import Newsroom
from texts import DATELINES, FOOTERS, STORIES

LANGUAGES = sorted(STORIES)


def variants(language: str) -> dict[str, tuple[str, str]]:
    """Return what papers make of a story: title and HTML by what they did."""
    title, parts = STORIES[language]
    blank = "" if language in ("zh", "ja") else " "
    whole = blank.join(parts)
    blocks = "".join(f"<p>{part}</p>" for part in parts)
    quoted = blocks.replace("<p>", "<div>\u201c").replace("</p>", "\u201d</div>")
    return {
        "as it came": (title, blocks),
        "set anew": (title, whole),
        "lines instead of blocks": (title, "\n\n".join(parts)),
        "head cut": (title, "".join(f"<p>{part}</p>" for part in parts[1:])),
        "paragraph dropped": (
            title,
            "".join(f"<p>{part}</p>" for part in (*parts[:2], *parts[3:])),
        ),
        "dateline and footer": (
            title,
            f"<p>{DATELINES[language]}{whole}</p><p>{FOOTERS[language]}</p>",
        ),
        "in quotes": (title, quoted),
        "summary": (title, whole[: len(whole) * 3 // 5] + "…"),
        "read more": (title, whole[: len(whole) * 3 // 5] + "… <a href='#'>more</a>"),
        "own title": ("Harbour notes", blocks),
        "caption and buttons": (title, f"<figcaption>Photo</figcaption>{blocks}<p>Share</p>"),
        "with a site's name": (f"{title} | The Coast", blocks),
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", variants("en"))
def test_a_copy_is_found(language: str, kind: str) -> None:
    room = Newsroom()
    first = room.tell("agency", *variants(language)["as it came"])
    assert room.are_one(first, room.tell("paper", *variants(language)[kind]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_copies_are_one_story_in_any_order(language: str) -> None:
    told = list(variants(language).values())
    for order in (told, told[::-1], told[5:] + told[:5]):
        room = Newsroom()
        keys = [room.tell(f"paper{number}", *copy) for number, copy in enumerate(order)]
        assert room.are_one(*keys)


def test_translations_are_stories_of_their_own() -> None:
    room = Newsroom()
    keys = [room.tell(f"paper-{language}", *STORIES[language]) for language in LANGUAGES]
    assert room.are_apart(*keys)


def test_traditional_and_simplified_characters_are_one() -> None:
    room = Newsroom()
    simplified = room.tell(
        "a",
        "台湾软件业数据出炉",
        "软件企业的数据显示，发展势头良好，出口总额达到三百亿元。" * 1
        + "专家认为，这与国际环境的变化有关，后续仍需继续观察。",
    )
    traditional = room.tell(
        "b",
        "臺灣軟體業數據出爐",
        "軟體企業的資料顯示，發展勢頭良好，出口總額達到三百億元。"
        "專家認爲，這與國際環境的變化有關，後續仍需繼續觀察。",
    )
    assert room.are_one(simplified, traditional)


def test_full_width_figures_are_figures() -> None:
    room = Newsroom()
    title, parts = STORIES["zh"]
    wide = str.maketrans("0123456789，。", "０１２３４５６７８９,.")
    first = room.tell("a", title, parts)
    assert room.are_one(first, room.tell("b", title, [part.translate(wide) for part in parts]))


def test_an_entry_without_text_is_found_by_its_title_within_three_days() -> None:
    title, parts = STORIES["en"]
    room = Newsroom()
    first = room.tell("agency", title, parts, hours=0)
    soon = room.tell("links", title, "<p><a href='x'>comments</a></p>", hours=30)
    assert room.are_one(first, soon)
    room = Newsroom()
    first = room.tell("agency", title, parts, hours=0)
    assert room.are_apart(first, room.tell("links", title, "", hours=100))


def test_links_to_one_page_are_one_story_if_their_titles_agree() -> None:
    room = Newsroom()
    parts = STORIES["en"][1]
    page = "https://agency.example/gannet"
    first = room.tell("agency", "Gannet Rock", parts, link=page)
    same = room.tell("links", "Gannet Rock", "", link=f"{page}?utm_source=links")
    other = room.tell("blog", "Why I hate sensors", "<p>Somebody had to say it.</p>", link=page)
    assert room.are_one(first, same)
    assert room.are_apart(first, other)


def test_an_edit_under_a_new_id_is_the_same_entry() -> None:
    room = Newsroom()
    title, parts = STORIES["en"]
    page = "https://agency.example/gannet"
    first = room.tell("agency", title, parts, link=page)
    edited = room.tell("agency", title, (*parts[:5], "The keepers were not available."), link=page)
    assert room.are_one(first, edited)


def test_an_archive_that_comes_again_under_new_addresses_is_known() -> None:
    room = Newsroom()
    first = [room.tell("agency", *STORIES[language]) for language in LANGUAGES]
    again = [room.tell("agency", *STORIES[language]) for language in LANGUAGES]
    assert all(room.are_one(*pair) for pair in zip(first, again, strict=True))
    assert room.are_apart(*first)
