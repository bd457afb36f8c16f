"""Whose word about the encoding is believed."""

import codecs

import pytest
from feed_samples import read

from aggregator.formats.reading.encoding import decode

GERMAN = "Größe „über“ – ‘so’"
CHINESE = "镕基说，联通的标题很长很长"
JAPANESE = "日本語の題名、テスト①"
KOREAN = "한국어 제목 똠방각하"
RUSSIAN = "Русский заголовок"
TAIWANESE = "繁體中文的標題"


def document(title: str, encoding: str = "", language: str = "") -> str:
    declared = f' encoding="{encoding}"' if encoding else ""
    return (
        f'<?xml version="1.0"{declared}?>\n<rss version="2.0"><channel>'
        f"<language>{language}</language><title>{title}</title></channel></rss>"
    )


def title(body: bytes, charset: str | None = None) -> str | None:
    return read(body, charset=charset).info.title


@pytest.mark.parametrize(
    ("text", "codec", "label", "charset"),
    [
        # Both agree, or only one speaks.
        (GERMAN, "utf-8", "utf-8", "utf-8"),
        (GERMAN, "utf-8", "", None),
        (GERMAN, "cp1252", "windows-1252", None),
        (GERMAN, "cp1252", "", "windows-1252"),
        (RUSSIAN, "koi8-r", "koi8-r", None),
        (RUSSIAN, "cp1251", "", "windows-1251"),
        (JAPANESE, "cp932", "Shift_JIS", None),
        (JAPANESE[:9], "euc_jp", "EUC-JP", None),
        (JAPANESE[:9], "iso2022_jp", "iso-2022-jp", None),
        (TAIWANESE, "big5", "Big5", None),
        (KOREAN, "cp949", "euc-kr", None),
        (KOREAN, "cp949", "ks_c_5601-1987", None),
        (CHINESE, "gb18030", "gb18030", None),
        # Labels mean what browsers make them mean.
        (CHINESE, "gbk", "GB2312", None),
        (GERMAN, "cp1252", "iso-8859-1", None),
        (GERMAN, "cp1252", "us-ascii", None),
        (RUSSIAN, "cp1251", "Windows_1251", None),
        (GERMAN, "cp1252", "", "'windows1252';"),
        # HTTP before the declaration (RFC 7303 3) ...
        (RUSSIAN, "koi8-r", "windows-1251", "koi8-r"),
        (JAPANESE, "cp932", "utf-8", "shift_jis"),
        # ... but for the latin-1 that servers add to everything ...
        (RUSSIAN, "cp1251", "windows-1251", "iso-8859-1"),
        # ... and where it cannot be true.
        (RUSSIAN, "cp1251", "windows-1251", "utf-8"),
        # UTF-8 under a false label.
        (GERMAN, "utf-8", "iso-8859-1", None),
        (GERMAN, "utf-8", "utf-8", "iso-8859-1"),
        (CHINESE, "utf-8", "gb2312", "gbk"),
        (GERMAN, "utf-8", "utf-16", None),
        (GERMAN, "utf-8", "", "utf-16"),
    ],
)
def test_a_document_is_read_in_its_encoding(
    text: str, codec: str, label: str, charset: str | None
) -> None:
    assert title(document(text, label).encode(codec), charset) == text


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("label", ["", "utf-16", "utf-8"])
@pytest.mark.parametrize("charset", [None, "utf-8"])
def test_wide_encodings_without_a_mark(codec: str, label: str, charset: str | None) -> None:
    assert title(document(JAPANESE, label).encode(codec), charset) == JAPANESE


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_mark_is_believed_before_every_label(mark: bytes, codec: str) -> None:
    body = mark + document(GERMAN, "iso-8859-2").encode(codec)
    assert title(body, "koi8-r") == GERMAN


@pytest.mark.parametrize(
    ("text", "codec", "language"),
    [
        (CHINESE, "gb18030", "zh-cn"),
        (TAIWANESE, "big5", "zh-TW"),
        (JAPANESE, "cp932", "ja"),
        (JAPANESE[:9], "euc_jp", "ja-JP"),
        (KOREAN, "cp949", "ko"),
        (RUSSIAN, "cp1251", "ru"),
        (GERMAN, "cp1252", "de"),
    ],
)
def test_without_a_label_the_language_is_a_hint(text: str, codec: str, language: str) -> None:
    assert title(document(text, "", language).encode(codec)) == text


@pytest.mark.parametrize(
    "label", ["utf-7", "rot13", "base64", "idna", "no-such-thing", "hz-gb-2312"]
)
def test_labels_that_are_unknown_or_hide_markup_are_not_believed(label: str) -> None:
    feed = read(document("+ADw-script+AD4- é", label))
    assert feed.info.title == "+ADw-script+AD4- é"
    assert feed.warnings == (f"unknown encoding {label!r}, read as utf-8",)


def test_bad_bytes_in_utf_8_are_read_as_windows_1252() -> None:
    body = document("é here, \x00 there", "utf-8").encode().replace(b"\x00", b"\x93quoted\x94")
    feed = read(body)
    assert feed.info.title == "é here, “quoted” there"
    assert feed.warnings == ("bytes that are no utf-8 were read as windows-1252",)


def test_what_is_more_windows_1252_than_utf_8_is_that_throughout() -> None:
    text = "doué\xa0», élève à l’école, été"
    assert title(document(text).encode("cp1252")) == text.replace("\xa0", " ")


def test_a_bad_byte_in_a_declared_encoding_costs_one_character() -> None:
    body = document(JAPANESE + "#", "shift_jis").encode("cp932").replace(b"#", b"\x81!")
    feed = read(body)
    assert feed.info.title == JAPANESE + "�!"
    assert feed.warnings == ("bytes that are no cp932 were replaced",)


@pytest.mark.parametrize("spelling", ["\x93so\x94", "&#147;so&#148;", "&#x93;so&#x94;"])
def test_c1_controls_are_the_quotes_they_were_meant_to_be(spelling: str) -> None:
    assert title(document(spelling, "utf-8").encode()) == "“so”"


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"\xfe\xff\x00", b"\x00" * 9, b"\x80" * 99, b"\x1b$B"]
)
def test_any_bytes_become_a_text(body: bytes) -> None:
    assert isinstance(decode(body, "shift_jis").text, str)
