"""Template code in bodies: mapped to what it stands for or dropped; never executed.

Code is masked first, so that a post about Liquid keeps its examples. Then one pass over all tags
with a stack-free state: inside ``raw`` everything stays, inside ``comment`` everything goes, what
``highlight`` wraps becomes a fenced block. Every pattern stops at the next opening, so that a
megabyte of "{%" is read once.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Mapping

from msgspec import Struct, field

Resolve = Callable[[str], str | None]
"""The address of another post of the folder, by its name, slug or path; None: not there."""

_TAG = re.compile(
    r"\{\{(?P<slash></|%/)?(?P<angle>[<%])?(?P<short>(?:(?!\{\{|\}\})[^\x02]){0,4000})\}\}"
    r"|\{%(?P<liquid>(?:(?!\{%|%\}).){0,4000})%\}"
    r"|\{#(?P<remark>(?:(?!\{#|#\}).){0,4000})#\}",
    re.DOTALL,
)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
_TICKS = re.compile(r"`+")
_MASK = re.compile("\x02(\\d+)\x03")
_CODE_ELEMENT = re.compile(r"<(pre|code)\b", re.IGNORECASE)
_WORD = re.compile(r"\s*-?\s*(/?[\w.:-]+)")
_NAMED = re.compile(r"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s,)"']+))""")
_PLAIN = re.compile(r""""([^"]*)"|'([^']*)'|([^\s,()"'=]+)""")
_KRAMDOWN = re.compile(
    r"^[ \t]{0,8}\{::?[^{}\n]{0,200}\}[ \t]*$|\{:[ \t]?[.#\w][^{}\n]{0,200}\}", re.MULTILINE
)
_PELICAN = re.compile(r"[{|](filename|static|attach|author|category|tag|index)[}|]([^\s\"'<>)\]]*)")
_WIKI = re.compile(
    r"(!?)\[\[([^\[\]\n|#]{1,200})(#[^\[\]\n|]{0,200})?(?:\|([^\[\]\n]{1,200}))?\]\]"
)
_MDX_LINE = re.compile(
    r"^(?:import\s[^\n]*?from\s+['\"][^\n]*|import\s+['\"][^\n]*"
    r"|export\s+(?:default|const|let|function)\b[^\n]*)$",
    re.MULTILINE,
)
_JSX_TAG = re.compile(r"</?[A-Z][\w.]{0,60}(?:\s[^<>]{0,2000})?/?>|</?>")
_MORE = re.compile(
    r"<!--[ \t]*(?:more|truncate|excerpt|TEASER_END|PELICAN_END_SUMMARY)\b[^<>\n]{0,80}-->"
    r"|\{/\*[ \t]*(?:more|truncate)[ \t]*\*/\}|^\#[ ]more[ \t]*$|^\.\.[ ]TEASER_END.*$",
    re.IGNORECASE | re.MULTILINE,
)
MORE = "<!--more-->"
"""What every engine's mark of the excerpt's end becomes."""

_LINKS = frozenset(("post_url", "link", "ref", "relref", "post_link", "post_path"))
_IMAGES = frozenset(("figure", "img", "asset_img", "image"))
_PLAYERS = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "gist": "https://gist.github.com/{}",
    "tweet": "https://twitter.com/i/status/{}",
}
_KEPT_WHOLE = frozenset(("raw", "verbatim"))
_FENCED = frozenset(("highlight", "codeblock", "code"))
_VALUES_KEPT = ("site.url", "site.baseurl", "site.base_url", "url.base", "config.base_url")


class Mapped(Struct):
    """A body without template code, and what happened on the way."""

    text: str
    dropped: Counter[str] = field(default_factory=Counter)
    linked: dict[str, str | None] = field(default_factory=dict)
    """Other posts this one names, and the addresses they got."""


def map_templates(
    text: str, resolve: Resolve, base_url: str, *, markdown: bool, jsx: bool, wiki: bool
) -> Mapped:
    """Map or drop all template code outside of code."""
    mapped = Mapped(text)
    if "{" not in text and "[[" not in text and "<!--" not in text and not jsx and "|" not in text:
        return mapped
    masked, codes = _mask(text, markdown)
    work = _Work(mapped, resolve, base_url, markdown, codes)
    masked = _MORE.sub(MORE, masked, count=1)
    if jsx:
        masked = _without_jsx(masked, mapped.dropped)
    if "{" in masked or "|" in masked:
        masked = _PELICAN.sub(work.pelican, masked)
        if markdown:
            masked = _KRAMDOWN.sub("", masked)
        masked = work.tags(masked)
    if wiki and "[[" in masked:
        masked = _WIKI.sub(work.wiki, masked)
    mapped.text = work.unmasked(masked)
    return mapped


# -- code is masked ------------------------------------------------------------------------------


def _mask(text: str, markdown: bool) -> tuple[str, list[str]]:
    """Put marks in the place of code; template tags around code stay to be seen."""
    codes: list[str] = []
    spans = _markdown_code(text) if markdown else _html_code(text)
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts += (text[at:start], f"\x02{len(codes)}\x03")
        codes.append(text[start:end])
        at = end
    return "".join((*parts, text[at:])), codes


def _html_code(text: str) -> list[tuple[int, int]]:
    lower, spans, at = text.lower(), [], 0
    while opening := _CODE_ELEMENT.search(lower, at):
        end = lower.find(f"</{opening[1]}>", opening.end())
        if end < 0:
            break
        spans.append((opening.start(), end))
        at = end
    return spans


def _markdown_code(text: str) -> list[tuple[int, int]]:
    """Find fenced blocks, and code spans between them."""
    spans: list[tuple[int, int]] = []
    at = 0
    while opening := _FENCE.search(text, at):
        closing = re.compile(
            rf"^ {{0,3}}{re.escape(opening[1])}{opening[1][0]}*[ \t]*$", re.MULTILINE
        ).search(text, opening.end())
        end = closing.end() if closing else len(text)
        spans += _code_spans(text, at, opening.start())
        spans.append((opening.start(), end))
        at = end
    return spans + _code_spans(text, at, len(text))


def _code_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Pair runs of backticks of equal length, each with the next one in its paragraph."""
    runs = [(run.start(), run.end()) for run in _TICKS.finditer(text, start, end)]
    later: dict[int, list[int]] = {}
    for number in range(len(runs) - 1, -1, -1):
        later.setdefault(runs[number][1] - runs[number][0], []).append(number)
    spans, at = [], 0
    while at < len(runs):
        first, last = runs[at]
        waiting = later[last - first]
        while waiting and waiting[-1] <= at:
            waiting.pop()
        if waiting and text.find("\n\n", last, runs[waiting[-1]][0]) < 0:
            spans.append((first, runs[waiting[-1]][1]))
            at = waiting[-1]
        at += 1
    return spans


# -- tags ----------------------------------------------------------------------------------------


class _Work:
    """Maps the tags of one body."""

    def __init__(
        self, mapped: Mapped, resolve: Resolve, base_url: str, markdown: bool, codes: list[str]
    ) -> None:
        self._mapped = mapped
        self._resolve = resolve
        self._base_url = base_url
        self._markdown = markdown
        self._codes = codes

    def unmasked(self, text: str) -> str:
        """Put the code back in its place."""
        return _MASK.sub(lambda mark: self._code(int(mark[1])), text)

    def _code(self, number: int) -> str:
        return self._codes[number] if number < len(self._codes) else ""

    def tags(self, text: str) -> str:
        """Go through all tags from left to right."""
        parts: list[str] = []
        at = 0
        until, kept_from, opener = "", 0, ""
        for match in _TAG.finditer(text):
            if match.start() < at:
                continue
            name, rest = _name_of(match)
            if until:
                if name not in until.split("|"):
                    continue
                parts.append(self._wrapped(opener, text[kept_from : match.start()]))
                until, at = "", match.end()
                continue
            parts.append(text[at : match.start()])
            at = match.end()
            if closing := _closing(name, match):
                until, kept_from, opener = closing, at, f"{name} {rest}"
                continue
            parts.append(self._inline(name, rest, match))
        if until:
            at = kept_from
        return "".join((*parts, text[at:]))

    def _wrapped(self, opener: str, inner: str) -> str:
        """Write what stood between a block's tags."""
        name, _, rest = opener.partition(" ")
        if name == "comment":
            return ""
        if name in _KEPT_WHOLE:
            return inner
        return self._fence(rest, self.unmasked(inner))

    def _fence(self, words: str, code: str) -> str:
        if not self._markdown:
            return f"<pre><code>{html.escape(code.strip(chr(10)), quote=False)}</code></pre>"
        language = re.match(r"\s*(?:lang:)?([\w+#-]{1,30})", words)
        ticks = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(code)), default=0))
        tag = language[1] if language else ""
        return f"\n{ticks}{tag}\n{code.strip(chr(10))}\n{ticks}\n"

    def _inline(self, name: str, rest: str, match: "re.Match[str]") -> str:
        if match["slash"]:  # {{</* figure */>}}: shown, not run
            mark, shown = match["slash"], match["short"].strip("*/<>% ")
            return "{{< " + shown + " >}}" if mark == "</" else "{{% " + shown + " %}}"
        if match["remark"] is not None:
            return ""
        if name in _LINKS:
            return self._link(name, rest)
        if name in _IMAGES:
            return self._image(rest)
        if name in _PLAYERS:
            return self._player(name, rest)
        if match["short"] is not None and not match["angle"]:
            return self._value(match["short"])
        if name and not name.startswith(("end", "/")):
            self._mapped.dropped[name] += 1
        return ""

    def _link(self, name: str, rest: str) -> str:
        words = _words(rest)
        target = words[0] if words else ""
        url = self._found(target)
        if name != "post_link":
            return url or ""
        label = html.escape(" ".join(words[1:]) or target, quote=False)
        return f'<a href="{html.escape(url)}">{label}</a>' if url else label

    def _image(self, rest: str) -> str:
        named = _named(rest)
        words = [word for word in _words(_NAMED.sub("", rest)) if "." in word or "/" in word]
        source = named.get("src") or named.get("link") or (words[0] if words else "")
        if not source:
            return ""
        alt = html.escape(named.get("alt") or named.get("caption") or named.get("title") or "")
        return f'<img src="{html.escape(source)}" alt="{alt}">'

    def _player(self, name: str, rest: str) -> str:
        words = _words(_NAMED.sub("", rest)) or list(_named(rest).values())
        if not words:
            return ""
        # Octopress and Hugo write "gist user id" or "gist id".
        target = words[0]
        if name == "gist" and len(words) > 1 and re.fullmatch(r"[0-9a-f]+", words[1]):
            target = "/".join(words[:2])
        url = html.escape(target if "://" in target else _PLAYERS[name].format(target))
        return f'<a href="{url}">{url}</a>'

    def _value(self, expression: str) -> str:
        """Write an expression that is an address; every other is the template's own affair."""
        words = expression.strip().strip("-").strip()
        if match := re.match(
            r"""["']([^"']*)["']\s*\|\s*(?:relative_url|absolute_url|url)\b""", words
        ):
            return self._base_url.rstrip("/") + "/" + match[1].lstrip("/")
        if words.split("|")[0].strip() in _VALUES_KEPT:
            # "{{ site.url }}{{ site.baseurl }}/x": the second adds nothing.
            return self._base_url.rstrip("/") if "baseurl" not in words else ""
        name = _WORD.match(words)
        if name and name[1] in ("post_url", "ref", "relref", "get_url"):
            return self._link("ref", words[name.end() :])
        if words:
            self._mapped.dropped["{{ }}"] += 1
        return ""

    def pelican(self, match: "re.Match[str]") -> str:
        """Map Pelican's ``{filename}``, ``{static}`` and ``{attach}``."""
        kind, target = match[1], match[2]
        if kind in ("static", "attach"):
            return target
        if kind != "filename" and match[0][0] == "|":
            return match[0]
        path, mark, fragment = target.partition("#")
        return (self._found(path) or "") + mark + fragment

    def wiki(self, match: "re.Match[str]") -> str:
        """Map ``[[page]]`` and ``[[page|words]]``."""
        target = match[2].strip()
        label = html.escape((match[4] or target).strip(), quote=False)
        if match[1]:
            image = re.search(r"\.(png|jpe?g|gif|svg|webp|avif)$", target, re.IGNORECASE)
            return f'<img src="{html.escape(target)}" alt="">' if image else label
        url = self._found(target)
        return f'<a href="{html.escape(url)}">{label}</a>' if url else label

    def _found(self, target: str) -> str | None:
        url = self._resolve(target)
        self._mapped.linked[target] = url
        return url


def _name_of(match: "re.Match[str]") -> tuple[str, str]:
    inside = match["liquid"] if match["liquid"] is not None else match["short"]
    if inside is None:
        return "", ""
    if match["angle"]:
        inside = inside.rstrip().removesuffix(match["angle"] if match["angle"] == "%" else ">")
    word = _WORD.match(inside)
    return (word[1], inside[word.end() :].rstrip("- \n")) if word else ("", "")


def _closing(name: str, match: "re.Match[str]") -> str:
    """Say which tags end a block whose inside is no template; "" for all others."""
    if match["slash"] or (match["liquid"] is None and not match["angle"]):
        return ""
    if name == "comment" or name in _KEPT_WHOLE or name in _FENCED:
        return f"end{name}|/{name}"
    return ""


def _named(text: str) -> Mapping[str, str]:
    return {
        match[1].lower(): match[2] or match[3] or match[4] or ""
        for match in _NAMED.finditer(text[:2000])
    }


def _words(text: str) -> list[str]:
    found = (
        next((part for part in match.groups() if part), "")
        for match in _PLAIN.finditer(text[:2000])
    )
    return [word for word in found if word]


def _without_jsx(text: str, dropped: Counter[str]) -> str:
    """Drop MDX imports, exports and components; what stands between tags stays."""
    text, lines = _MDX_LINE.subn("", text)
    text, components = _JSX_TAG.subn("", text)
    dropped.update({name: n for name, n in (("import/export", lines), ("JSX", components)) if n})
    return text
