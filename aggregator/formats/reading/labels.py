"""What a charset label means: the labels browsers know, and nothing that hides markup in ASCII.

Signs in a label say nothing: "UTF_8" and "windows1252" are what they look like.
"""

import re

_LABELS = {
    # A label that could be read as ASCII stands in no UTF-16: it is false.
    "utf-8": (
        "utf-8 utf8 unicode-1-1-utf-8 x-unicode20utf8 unicode20utf8 utf-16 utf16 utf-16le utf-16-le"
        " utf-16be utf-16-be unicode ucs-2 iso-10646-ucs-2 csunicode u16 utf-32 utf32 utf-32le"
        " utf-32be ucs-4 iso-10646-ucs-4 csucs4"
    ),
    "cp1252": (
        "windows-1252 cp1252 x-cp1252 iso-8859-1 iso8859-1 iso88591 iso_8859-1 latin1 latin-1 l1"
        " us-ascii ascii ansi_x3.4-1968 cp819 ibm819 csisolatin1 iso-ir-100 iso_8859-1:1987 ansi"
        " 8859-1 iso-8859-1-windows-3.1-latin-1"
    ),
    "iso8859_2": "iso-8859-2 iso8859-2 iso88592 iso_8859-2 latin2 l2 csisolatin2",
    "iso8859_3": "iso-8859-3 iso8859-3 latin3",
    "iso8859_4": "iso-8859-4 iso8859-4 latin4",
    "iso8859_5": "iso-8859-5 iso8859-5 iso88595 cyrillic csisolatincyrillic",
    "iso8859_6": "iso-8859-6 iso8859-6 arabic ecma-114 asmo-708",
    "iso8859_7": "iso-8859-7 iso8859-7 iso88597 greek greek8 ecma-118 elot_928",
    "iso8859_8": "iso-8859-8 iso8859-8 hebrew visual iso-8859-8-i logical iso-8859-8-e",
    "cp1254": "windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 iso88599 latin5 l5",
    "iso8859_10": "iso-8859-10 iso8859-10 latin6",
    "iso8859_13": "iso-8859-13 iso8859-13",
    "iso8859_14": "iso-8859-14 iso8859-14",
    "iso8859_15": "iso-8859-15 iso8859-15 iso885915 iso_8859-15 latin-9 latin9 l9",
    "iso8859_16": "iso-8859-16 iso8859-16",
    "cp1250": "windows-1250 cp1250 x-cp1250 win-1250",
    "cp1251": "windows-1251 cp1251 x-cp1251 win-1251 win1251",
    "cp1253": "windows-1253 cp1253 x-cp1253",
    "cp1255": "windows-1255 cp1255 x-cp1255",
    "cp1256": "windows-1256 cp1256 x-cp1256",
    "cp1257": "windows-1257 cp1257 x-cp1257",
    "cp1258": "windows-1258 cp1258 x-cp1258",
    "cp874": "windows-874 cp874 tis-620 iso-8859-11 dos-874",
    "cp866": "ibm866 cp866 866",
    "cp437": "cp437 ibm437 437",
    "cp850": "cp850 ibm850 850",
    "cp037": "cp037 ibm037 ebcdic-cp-us",
    "koi8_r": "koi8-r koi8 koi koi8_r cskoi8r",
    "koi8_u": "koi8-u koi8-ru",
    "mac_roman": "macintosh mac x-mac-roman csmacintosh",
    "mac_cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "gb18030": (
        "gb18030 gb2312 gbk gb_2312 gb_2312-80 x-gbk cp936 ms936 windows-936 euc-cn csgb2312"
        " chinese iso-ir-58 x-euc-cn"
    ),
    "big5hkscs": "big5 big5-hkscs big-5 x-x-big5 cn-big5 csbig5 cp950",
    "cp932": (
        "shift_jis shift-jis shiftjis sjis x-sjis ms_kanji ms932 windows-31j csshiftjis cp932"
        " shift_jisx0213"
    ),
    "euc_jp": "euc-jp eucjp x-euc-jp x-euc cseucpkdfmtjapanese ujis",
    "iso2022_jp": "iso-2022-jp csiso2022jp jis",
    "cp949": (
        "euc-kr euckr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 ks_c_5601 windows-949 cp949"
        " uhc korean cseuckr iso-ir-149 x-windows-949"
    ),
}

_SIGNS = re.compile(r"[^a-z0-9]+")
_CODECS = {
    _SIGNS.sub("", label): codec for codec, labels in _LABELS.items() for label in labels.split()
}


def codec_of(label: str) -> str | None:
    """Return Python's codec of a label; None where it is unknown or not to be believed."""
    return _CODECS.get(_SIGNS.sub("", label.lower()))
