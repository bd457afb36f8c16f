"""The keys of `publish`: where all is written besides the database, and who is told of it."""

from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, WithJsonSchema

from aggregator.config import patterns, values
from aggregator.config.keys import LINE, FeedSlug, Part, Text, Words, choice, key, number, several
from aggregator.config.values import Read


class Keep(Part):
    """Which posts stay in a folder."""

    days: Annotated[int, number(1, 36_500)] | None = key(
        "Posts whose entry is older go.", example=365
    )
    newest: Annotated[int, number(1, 1_000_000)] | None = key(
        "All but the newest so many go.", example=2000
    )
    archive: Words | None = key(
        "A folder for posts that go; they are deleted where it is not said.",
        example="../site/old_posts",
    )


class Target(Part):
    """Where all is written besides the database, or who is told of it: one of the first three."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["hub"]}, {"required": ["files"]}, {"required": ["posts"]}]
        }
    )

    hub: Annotated[str, Read(values.hub, LINE)] | None = key(
        "A WebSub hub that is told which feeds changed; `self` is our own.",
        example="https://hub.example.org/",
    )
    files: Words | None = key(
        "A folder laid out as the addresses are, for any web server.", example="instance/public"
    )
    posts: Words | None = key(
        "A folder of posts that a static site is built from.", example="../site/_posts"
    )
    engine: (
        Annotated[str, choice("jekyll", "hexo", "hugo", "zola", "eleventy", "pelican", "nikola")]
        | None
    ) = key("The program that builds the site.", example="jekyll")
    feeds: (
        Annotated[
            tuple[FeedSlug, ...],
            BeforeValidator(several),
            WithJsonSchema({"anyOf": [LINE, {"type": "array", "items": LINE}]}),
        ]
        | None
    ) = key("Names of the feeds whose entries are written; every category where it is not said.")
    body: Annotated[str, choice("full", "summary", "link")] | None = key(
        "How much of others' articles is shown.", "summary"
    )
    keep: Keep | None = key("Which posts stay; all where it is not said.")
    index_pages: Words | None = key("A folder that gets one page for each category.")
    front_matter: dict[Words, Text] | None = key(
        "Fixed keys of every post.", example={"layout": "post"}
    )
    timezone: Annotated[str, Read(patterns.zone, LINE)] | None = key(
        "Zone of the dates of posts.", "UTC"
    )
