"""Which keys feeds.yaml has, what each may be, and what editors are told of it (``keys``)."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from aggregator.config import patterns, values
from aggregator.config.keys import (
    FORMATS,
    LINE,
    ONLY_NAMES,
    TEXT,
    URL,
    Categories,
    CookieName,
    Duration,
    FeedSlug,
    Flag,
    Format,
    HeaderName,
    Hidden,
    Languages,
    Network,
    Newest,
    Part,
    Paths,
    Regex,
    Size,
    SourceName,
    Text,
    Timeout,
    Token,
    Url,
    Wait,
    Words,
    choice,
    key,
    number,
)
from aggregator.config.targets import Target
from aggregator.config.values import Read
from aggregator.model.settings import Secret

FRONT_MATTER = "front-matter"


class Shape(Part):
    """How a feed that leaves here is cut."""

    newest: Newest | None = key("How many entries it holds, the newest.", 50)
    max_age: Duration | None = key("Leave out entries older than this.", example="60d")
    formats: Annotated[tuple[Format, ...], AfterValidator(values.each_once)] | None = key(
        "The formats it is published in.", list(FORMATS)
    )
    archive: Flag | None = key("Keep older entries on pages that feed readers find.", True)
    per_source: Newest | None = key(
        "At most so many entries of one source, so that none fills it alone.", example=5
    )
    noindex: Flag | None = key("Ask search engines to leave it out.", False)
    prefer: Categories | None = key(
        "Names of sources whose copy of a story is shown rather than others', the best first."
    )
    hold_back: Duration | None = key(
        "Show a story so long after it came, when more of its copies are there to choose from.",
        example="10m",
    )


class HttpKeys(Part):
    """How a feed is asked over HTTP."""

    headers: dict[HeaderName, Hidden] | None = key(
        "Headers sent to the feed's own host.", example={"X-Api-Key": "${PLANET_KEY}"}
    )
    user_agent: Annotated[str, Read(values.agent, LINE)] | None = key(
        "Sent as User-Agent instead of our name with `site.contact`."
    )
    cookies: dict[CookieName, Annotated[Secret, Read(values.cookie, TEXT)]] | None = key(
        "Cookies sent to the feed's own host; none it sets are kept.",
        example={"session": "${PLANET_SESSION}"},
    )
    username: Words | None = key("Name for basic authentication.")
    password: Hidden | None = key(
        "Password for basic authentication.", example="${PLANET_PASSWORD}"
    )
    bearer: Hidden | None = key("Token for bearer authentication.", example="${PLANET_TOKEN}")
    proxy: Annotated[Secret, Read(values.proxy, LINE)] | None = key(
        "An http, https, socks5 or socks5h proxy.", example="socks5h://127.0.0.1:9050"
    )
    client_certificate: Text | None = key("PEM file of our certificate.", example="client.pem")
    client_key: Text | None = key("PEM file of its key, where that is another file.")
    ca_certificates: Text | None = key(
        "PEM file of the authorities believed, instead of the public ones."
    )
    timeout: Timeout | None = key("One request in all; `fetch.timeout` where it is not said.")
    max_bytes: Size | None = key("Of one body; `fetch.max_bytes` where it is not said.")


class PostsKeys(Part):
    """How a folder of posts is read."""

    engine: (
        Annotated[
            str,
            choice(
                "auto",
                "jekyll",
                "hexo",
                "hugo",
                "pelican",
                "zola",
                "docusaurus",
                "eleventy",
                "nikola",
                "plain",
            ),
        ]
        | None
    ) = key("The program the posts are written for; `auto` looks at the files beside them.", "auto")
    include: Paths | None = key("Only files that match one of these gitignore patterns.")
    exclude: Paths | None = key(
        "No files that match one of these gitignore patterns.", example=["drafts/**"]
    )
    base_url: Annotated[str, Read(values.site_url, URL)] | None = key(
        "The written site's address: the links of posts hang on it.",
        example="https://blog.example.org/",
    )
    permalink: Text | None = key(
        "The pattern of a post's address, as the engine writes it.", example="/:year/:month/:title/"
    )
    timezone: Annotated[str, Read(patterns.zone, LINE)] | None = key(
        "Zone of dates that state none; what the engine takes them for where it is not said.",
        example="Asia/Shanghai",
    )
    encoding: Annotated[str, Read(patterns.encoding, LINE)] | None = key(
        "Of files that are not UTF-8; detected where it is not said.", example="gb18030"
    )
    date_formats: tuple[Annotated[str, Read(patterns.date_format, LINE)], ...] | None = key(
        "strptime patterns for dates that are not understood otherwise.", example=["%d.%m.%Y"]
    )
    undated: Annotated[str, choice("skip", "first-seen", "mtime", "git")] | None = key(
        "What dates a post without a date.", "first-seen"
    )
    drafts: Flag | None = key("Take drafts, too.", False)
    future: Annotated[str, choice("hold", "show", "skip")] | None = key(
        "What becomes of a post with a date to come: `hold` shows it when it is due.", "hold"
    )
    link: Annotated[str, Read(patterns.link, LINE)] | None = key(
        "Where a post's link is: its `permalink`, the last bare <URL> of its `body`, or "
        "`front-matter:KEY`.",
        "permalink",
    )
    id_pattern: Regex | None = key(
        "RE2 expression; what its first group matches in the text tells posts apart.",
        example="infoCode=([A-Z0-9]+)",
    )
    source_name: Regex | None = key(
        "RE2 expression; what its first group matches in the text is the name of the original "
        "source.",
        example="Source: ([^<]+)",
    )
    remove: tuple[Annotated[str, Read(patterns.selector, LINE)], ...] | None = key(
        "CSS selectors of what is no part of the text.", example=["p.footer"]
    )
    folders: Flag | None = key("File a post under the folders it is in, too.", False)
    split_words: Annotated[str, choice("engine", "comma", "space", "never")] | None = key(
        "What a text of several categories is cut at.", "engine"
    )
    body: Annotated[str, choice("full", "excerpt")] | None = key(
        "The full text of a post, or its excerpt.", "full"
    )
    limit: Annotated[int, number(1, 1_000_000)] | None = key(
        "The newest files looked at; all where it is not said."
    )
    deleted: Annotated[str, choice("keep", "remove", "remove-all")] | None = key(
        "What becomes of the entry of a post that is gone: `remove` withdraws it until it returns, "
        "but holds back where most are gone at once; `remove-all` believes that, too.",
        "keep",
    )


class SourceKeys(HttpKeys, PostsKeys):
    """What a source and `defaults` share."""

    categories: Categories | None = key(
        "Names of the categories each entry is filed under; `front-matter` means those a post "
        "names itself.",
        example=["python"],
    )
    every: Duration | None = key(
        "The shortest time between two polls; a folder is looked at every 5m where it is not said.",
        "1h",
    )
    slowest: Duration | None = key(
        "The longest time between two polls of a source that seldom has news; four times `every`, "
        "a day at most, where it is not said."
    )
    identity: Annotated[str, choice("auto", "guid", "link", "link+date", "content")] | None = key(
        "What tells a source's entries apart; `auto` finds out.", "auto"
    )
    edits: Annotated[str, choice("words", "all", "none")] | None = key(
        "Which changes of an entry move its date, so that readers show it as changed: of its "
        "`words`, `all`, or `none`.",
        "words",
    )
    strip_tracking: Flag | None = key(
        "Take tracking parameters out of links, and tracking pixels out of texts.", True
    )
    republish: Annotated[str, choice("full", "excerpt", "link")] | None = key(
        "How much of an entry is shown: its text, the first words of it, or title and link.", "full"
    )
    excerpt_words: Annotated[int, number(1, 10_000)] | None = key(
        "How many words an excerpt has; of scripts without spaces, how many characters.", 60
    )
    rights: Words | None = key(
        "Shown instead of what the source says of its rights.", example="CC BY-SA 4.0"
    )
    attribution: Words | None = key("A line under the text of each entry.")
    noindex: Flag | None = key("Ask search engines to leave out every feed it stands in.", False)
    hide_address: Flag | None = key(
        "Name the source without the address of its feed; `true` where the feed needs credentials "
        "or its address holds something like a token."
    )


Level = Annotated[str, choice("off", "identity", "link", "text", "text+short")]
"""How far copies of an entry are looked for in other sources."""


class Source(SourceKeys):
    """One source."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["feed"]}, {"required": ["posts"]}]}
    )

    feed: Url | None = key(
        "Address of an RSS, Atom, RDF or JSON feed.", example="https://planetpython.org/rss20.xml"
    )
    posts: Words | None = key("A folder of posts with front matter.", example="docs/_posts")
    title: Words | None = key("Shown instead of the title the source gives itself.")
    dedupe: Level | None = key(
        "How far copies of its entries are looked for in other sources: not at all (`off`, "
        "`identity`), by address and title, by text, by short texts as well; as its categories "
        "say where it is not said."
    )


class Defaults(SourceKeys, Shape):
    """What holds for every source and every category's feeds that do not say otherwise."""

    dedupe: Level | None = key("As in a category.", "text+short")
    keep_scripts: Flag | None = key("As in a category.", False)


class Category(Shape):
    """One category's feeds."""

    title: Words | None = key("Title of its feeds; the category's name where it is not said.")
    moved_from: Categories | None = key(
        "Names the category had before: their addresses lead to its own.", example=["py"]
    )
    description: Words | None = key("Description of its feeds.")
    token: Token | None = key(
        "Only who knows it gets the feed, as `?token=…` behind its addresses; it is in no list. 16 "
        "to 200 letters, digits, - and _. A feed that had one stays closed until it says `none`.",
        example="${NEWS_TOKEN}",
    )
    dedupe: Level | None = key(
        "How far copies of its entries are looked for in other sources; of several categories the "
        "most careful holds.",
        "text+short",
    )
    keep_scripts: Flag | None = key(
        "Tell what is in simplified and what is in traditional Chinese characters apart.", False
    )


class Marks(Part):
    """What entries are told apart by."""

    categories: Categories | None = key("Names of categories; all where it is not said.")
    sources: tuple[Text, ...] | None = key("Names of sources; all where it is not said.")
    tags: Categories | None = key("What publishers filed their entries under.", example=["release"])
    languages: Languages | None = key("Languages; `en` takes `en-GB` along.", example=["en", "de"])
    authors: Categories | None = key(
        "Names or e-mail addresses of authors.", example=["Ada Example"]
    )
    words: Categories | None = key(
        "Words and phrases, all of which stand in the title or the text.", example=["open source"]
    )


class Match(Marks):
    """Which entries a feed holds: what fits all of its keys."""

    without: Marks | None = key("What fits any value of any of these keys stays out.")


class Feed(Shape):
    """One feed that is not one category."""

    title: Words | None = key("Its title; its name where it is not said.")
    moved_from: Categories | None = key(
        "Names it had before, or categories it stands for now: their addresses lead to its own.",
        example=["everything"],
    )
    description: Words | None = key("Its description.")
    token: Token | None = key(
        "Only who knows it gets the feed, as `?token=…` behind its addresses; it is in no list. 16 "
        "to 200 letters, digits, - and _. A feed that had one stays closed until it says `none`.",
        example="${NEWS_TOKEN}",
    )
    match: Match | None = key("Which entries it holds; all where it is not said.")
    digest: Annotated[str, choice("daily", "weekly")] | None = key(
        "An entry for each day or week that is over, which lists its stories, instead of one for "
        "each story.",
        example="daily",
    )


class Site(Part):
    """Who publishes."""

    url: Annotated[str, Read(values.site_url, URL)] | None = key(
        "Public address of the site's root; feeds link to themselves by it.",
        "http://127.0.0.1:8080/",
        example="https://feeds.example.org/",
    )
    title: Words | None = key("Title of the site.", "Feeds")
    contact: Annotated[str, Read(values.agent, LINE)] | None = key(
        "Mail or web address for the operators of polled sites; a part of the User-Agent.",
        example="admin@example.org",
    )
    language: Annotated[str, Read(values.language, LINE)] | None = key(
        "Language of the site and of feeds that state none.", "en"
    )
    tag: Annotated[str, Read(values.tag, LINE)] | None = key(
        "Under this name ids are made (RFC 4151). The host of `site.url` and 2025 where it is not "
        "said: write it down before you change `site.url`, or every feed is a new one to readers.",
        example="feeds.example.org,2025",
    )
    timezone: Annotated[str, Read(patterns.zone, LINE)] | None = key(
        "Zone in which the days and weeks of digests begin.", "UTC", example="Europe/Berlin"
    )


class Fetch(Part):
    """How polled servers are treated."""

    floor: Wait | None = key("No source is asked twice within this, whatever `every` says.", "15m")
    spacing: Wait | None = key("Between two requests to one registrable domain.", "1s")
    timeout: Timeout | None = key("One request in all, to the last byte.", "30s")
    connect_timeout: Timeout | None = key("To reach a server.", "10s")
    max_bytes: Size | None = key("Of one body, as received and as unpacked.", "10MB")
    budget: Size | None = key(
        "What a source may cost its server in a day; one that costs more is asked more seldom.",
        "100KB",
    )
    parallel: Annotated[int, number(1, 1000)] | None = key(
        "Requests under way at once, over all hosts.", 32
    )
    allow_networks: tuple[Network, ...] | None = key(
        "Private networks that may be polled; none where it is not said.", example=["10.1.0.0/16"]
    )
    user_agent: Annotated[str, Read(values.agent, LINE)] | None = key(
        "Sent as User-Agent instead of our name with `site.url` and `site.contact`."
    )


class Document(Part):
    """The configuration of aggregator."""

    site: Site | None = key("Who publishes.")
    defaults: Defaults | None = key("What holds where a source or category does not say.")
    sources: dict[SourceName, Source] = Field(
        description="The feeds and folders of posts; the key is a source's name, for ever.",
        json_schema_extra=ONLY_NAMES,
    )
    categories: dict[Words, Category] | None = key(
        "Titles and sizes of categories; a category has feeds without standing here."
    )
    feeds: dict[FeedSlug, Feed] | None = Field(
        default=None,
        description="Feeds that are not one category; the key is a feed's name in its address.",
        json_schema_extra=ONLY_NAMES,
    )
    fetch: Fetch | None = key("How polled servers are treated.")
    publish: tuple[Target, ...] | None = key(
        "Where all is written besides the database, and who is told of it."
    )
