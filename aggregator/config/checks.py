"""What does not go together, seen in the tree: it is told of what is wrong otherwise, too."""

from collections.abc import Iterator
from difflib import get_close_matches

from aggregator.config import schema
from aggregator.config.report import Location, Report
from aggregator.config.targets import Target
from aggregator.config.tree import Node
from aggregator.core.slugs import category_slug

_KEYS_OF = {"feed": schema.HttpKeys.model_fields, "posts": schema.PostsKeys.model_fields}
_TARGETS = {"hub": "a hub", "files": "a folder of files", "posts": "a folder of posts"}
_WORD = {"feed": "a feed", "posts": "a folder of posts"}


def check(report: Report) -> None:
    """Note what keys mean together."""
    for name, node in _entries(report.root, "sources"):
        if not isinstance(node.value, str | list):
            _check_kind(report, ("sources", name), node)
        _check_credentials(report, ("sources", name), node)
    defaults = report.root.child("defaults")
    if defaults:
        _check_credentials(report, ("defaults",), defaults)
    _check_category_names(report)
    _check_moves(report)
    shapes: list[tuple[Location, Node]] = [(("defaults",), defaults)] if defaults else []
    for section in ("categories", "feeds"):
        shapes += [((section, name), node) for name, node in _entries(report.root, section)]
    for at, node in shapes:
        _check_sources(report, at, node, "prefer")
    for name, node in _entries(report.root, "feeds"):
        match = node.child("match")
        _check_match(report, ("feeds", name, "match"), match)
        without = match.child("without") if match else None
        _check_match(report, ("feeds", name, "match", "without"), without)
        if {"digest", "archive"} <= _said(node):
            at = ("feeds", name, "archive")
            report.add(at, "archive has no meaning for a digest", "leave it out", of_key=True)
    _check_targets(report)


def _check_kind(report: Report, at: Location, node: Node) -> None:
    keys = _said(node)
    kinds = [kind for kind in _KEYS_OF if kind in keys]
    if not kinds:
        report.add(at, "names no feed and no folder", "write feed: or posts: under it", of_key=True)
        return
    if len(kinds) > 1:
        remedy = "make two sources of it"
        report.add((*at, "posts"), "a source is a feed or a folder, not both", remedy, of_key=True)
        return
    for other in _KEYS_OF.keys() - kinds:
        for key in keys & _KEYS_OF[other].keys():
            message = f"{key} has no meaning for {_WORD[kinds[0]]}"
            report.add((*at, key), message, "leave it out", of_key=True)
    for place, name in _names(node, "categories"):
        if name == schema.FRONT_MATTER and kinds == ["feed"]:
            report.add((*at, *place), f"{name} has no meaning for a feed", "name categories")


def _check_credentials(report: Report, at: Location, node: Node) -> None:
    keys = _said(node)
    if "bearer" in keys and "username" in keys:
        report.add((*at, "bearer"), "username: is said, too", "keep one of the two", of_key=True)
    for key, partner in (
        ("username", "password"),
        ("password", "username"),
        ("client_key", "client_certificate"),
    ):
        if key in keys and partner not in keys:
            report.add(
                (*at, key), f"{key} stands without {partner}", f"add {partner}:", of_key=True
            )


def _check_category_names(report: Report) -> None:
    seen: dict[str, str] = {}
    for name, _ in _entries(report.root, "categories"):
        first = seen.setdefault(category_slug(name), name)
        if first != name:
            message = f"{name} and {first} are one category"
            report.add(("categories", name), message, "keep one of them", of_key=True)


def _check_moves(report: Report) -> None:
    """A name that a feed has now cannot lead to another."""
    there = {name for name, _ in _entries(report.root, "feeds")}
    there |= {category_slug(name) for name in _known_categories(report.root)}
    for section in ("feeds", "categories"):
        for name, node in _entries(report.root, section):
            for place, old in _names(node, "moved_from"):
                if category_slug(old) in there:
                    message = f"{old} is the name of a feed still"
                    report.add((section, name, *place), message, "name those that are no more")


def _check_match(report: Report, at: Location, node: Node | None) -> None:
    if node is None:
        return
    _check_sources(report, at, node, "sources")
    categories = _known_categories(report.root)
    if schema.FRONT_MATTER in categories:
        return
    slugs = {category_slug(name): name for name in categories}
    for place, name in _names(node, "categories"):
        if category_slug(name) not in slugs:
            _unknown(report, (*at, *place), "category", name, list(slugs.values()))


def _check_sources(report: Report, at: Location, node: Node, key: str) -> None:
    known = [name for name, _ in _entries(report.root, "sources")]
    for place, name in _names(node, key):
        if name not in known:
            _unknown(report, (*at, *place), "source", name, known)


def _check_targets(report: Report) -> None:
    targets = report.root.child("publish")
    for index, node in enumerate(_items(targets)):
        _check_target(report, ("publish", index), _said(node))


def _check_target(report: Report, at: Location, keys: frozenset[str]) -> None:
    kinds = [kind for kind in _TARGETS if kind in keys]
    if len(kinds) != 1:
        message = "is no hub, no files and no posts" if not kinds else f"is {' and '.join(kinds)}"
        report.add(at, f"the target {message}", "one entry of the list for each")
        return
    for key in sorted(keys & Target.model_fields.keys() - _TARGETS.keys()):
        if kinds != ["posts"]:
            message = f"{key} has no meaning for {_TARGETS[kinds[0]]}"
            report.add((*at, key), message, "leave it out", of_key=True)
    if kinds == ["posts"] and "engine" not in keys:
        report.add((*at, "posts"), "posts stands without engine", "add engine:", of_key=True)


def _items(node: Node | None) -> list[Node]:
    return node.value if node and isinstance(node.value, list) else []


def _unknown(report: Report, at: Location, kind: str, name: str, known: list[str]) -> None:
    near = [] if report.full else get_close_matches(name, known, n=1)
    remedy = f"did you mean {near[0]}?" if near else f"name a {kind} that is used in sources:"
    report.add(at, f"no {kind} is called {name}", remedy)


def _known_categories(root: Node) -> list[str]:
    """Return all names of categories that stand in the file."""
    holders = [node for _, node in _entries(root, "sources")]
    holders += filter(None, (root.child("defaults"),))
    named = (name for node in holders for _, name in _names(node, "categories"))
    return [*(name for name, _ in _entries(root, "categories")), *dict.fromkeys(named)]


def _entries(root: Node, section: str) -> Iterator[tuple[str, Node]]:
    node = root.child(section)
    if node and isinstance(node.value, dict):
        yield from node.value.items()


def _names(node: Node, key: str) -> Iterator[tuple[Location, str]]:
    """Yield the place and text of each name under a key, be it one or a list."""
    below = node.child(key)
    if below is None:
        return
    if isinstance(below.value, str):
        yield (key,), below.value
    for index, item in enumerate(below.value if isinstance(below.value, list) else ()):
        if isinstance(item.value, str):
            yield (key, index), item.value


def _said(node: Node) -> frozenset[str]:
    if not isinstance(node.value, dict):
        return frozenset()
    return frozenset(key for key, below in node.value.items() if below.value is not None)
