"""One page per category: its name and slug out of one record, its posts, its feeds."""

from html import escape

from aggregator.model.shown import Item, Publication
from aggregator.publishers.posts.bodies import link_to, without_braces
from aggregator.publishers.posts.heads import Fields, Style, page_head
from aggregator.publishers.posts.words import headline, local, one_line

_MEDIA_TYPES = {
    "atom": ("Atom", "application/atom+xml"),
    "rss": ("RSS", "application/rss+xml"),
    "json": ("JSON Feed", "application/feed+json"),
}
# The name stands in the front matter only: no name of a stranger gets into Liquid.
_LOOP = """<ul class="posts">
{{% for post in {posts} %}}<li><a href="{url}">{title}</a> {date}</li>
{{% endfor %}}</ul>
"""
_LOOPS = {
    "jekyll": {
        "url": "{{ post.url | relative_url }}",
        "title": "{{ post.title | escape }}",
        "date": '{{ post.date | date: "%Y-%m-%d" }}',
    },
    "eleventy": {
        "url": "{{ post.url }}",
        "title": "{{ post.data.title | escape }}",
        "date": '{{ post.date | date: "%Y-%m-%d" }}',
    },
}


def page_name(publication: Publication, style: Style) -> str:
    """Name the page of a category."""
    looped = style.engine.loop or style.engine.form == "html"
    return f"{publication.slug}.{'html' if looped else 'md'}"


def page_of(publication: Publication, style: Style) -> bytes:
    """Return the page of a category.

    Jekyll and Eleventy list the posts when they build the site, so the page changes only when the
    category does; for the others the newest stories are listed with their sources.
    """
    engine = style.engine
    title = one_line(publication.title) or publication.slug
    fields: Fields = {"title": engine.guard(title)}
    if engine.form == "nikola":
        # Nikola wants a date of everything; a fixed one, for nothing else changes either.
        fields |= {"date": local(publication.updated, style.zone)}
    if engine.form in ("html", "nikola"):
        fields["slug"] = publication.slug
    if engine.loop:
        fields |= {"layout": "default", "category": engine.guard(title)}
    posts = _loop(style) if engine.loop else without_braces(_listed(publication, style))
    head = page_head(fields, style)
    feeds = without_braces(_feeds(publication))
    tail = "</body>\n</html>\n" if engine.form == "html" else ""
    return f"{head}<div>\n{posts}{feeds}</div>\n{tail}".encode("utf-8", "replace")


def _loop(style: Style) -> str:
    return _LOOP.format(posts=style.engine.loop, **_LOOPS[style.engine.name])


def _listed(publication: Publication, style: Style) -> str:
    lines = (_line(item, style) for item in publication.items)
    return "".join(('<ul class="posts">\n', *lines, "</ul>\n"))


def _line(item: Item, style: Style) -> str:
    day = local(item.published, style.zone).date().isoformat()
    return f"<li>{link_to(item.link, headline(item))} {day}</li>\n"


def _feeds(publication: Publication) -> str:
    links = []
    for name, address in publication.addresses:
        words, media_type = _MEDIA_TYPES.get(name, (name, "application/octet-stream"))
        links.append(
            f'<a rel="alternate" type="{media_type}" href="{escape(address)}">{escape(words)}</a>'
        )
    return f'<p class="feeds">{", ".join(links)}</p>\n' if links else ""
