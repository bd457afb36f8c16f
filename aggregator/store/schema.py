"""The tables. A change here needs a migration beside it; a test compares the two.

1. ``source``, ``poll_state``, ``poll_log``, ``notice``: what is polled, and how it went.
2. ``entry``, ``alias``, ``revision`` (only ever added to), ``category``, ``entry_category``,
   ``shelf``, ``shelf_entry``: what is kept.
3. ``fingerprint``, ``story_sketch``, ``story_key``, ``duplicate_link``, ``parted``, ``tombstone``:
   what must be recognised.
4. ``output_item``, ``stale_page``, ``artifact``, ``built``, ``outdated``: what is published.
5. ``delivery``, ``subscription``: who is told of it.

Numbers of rows never leave the program: another database has others.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from aggregator.store.types import Clean, Number, Raw, Sorted, UtcTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

source = Table(
    "source",
    metadata,
    Column("id", Number, primary_key=True),
    Column("name", Sorted, nullable=False, unique=True),
    Column("info", Clean, nullable=False),  # JSON of FeedInfo
    Column("categories", Clean, nullable=False),  # JSON list of the fixed categories' names
    Column("terms", Clean, nullable=False),  # JSON of Republish: it holds when the source is gone
    Column("credit", Clean, nullable=False),  # JSON of what feeds.yaml says of it in every feed
    Column("entries", Integer, nullable=False),  # counted here: a scan of all entries is slow
    Column("hidden", Boolean, nullable=False),  # private feeds alone hold it
    Column("added", UtcTime, nullable=False),
    Column("removed", UtcTime),
)

poll_state = Table(
    "poll_state",
    metadata,
    Column("source", ForeignKey("source.id"), primary_key=True, autoincrement=False),
    Column("location", Raw),
    Column("etag", Raw),
    Column("last_modified", Raw),
    Column("body_hash", Text),
    Column("next_poll_at", UtcTime, index=True),  # null: never
    Column("lease_until", UtcTime),
    Column("put_off_until", UtcTime),  # its turn came in an hour its feed wants to be left alone in
    Column("last_poll_at", UtcTime),  # claimed or answered, the later
    Column("previous_poll_at", UtcTime),  # what it was before the claim, for a claim called off
    Column("first_ok_at", UtcTime),
    Column("last_ok_at", UtcTime),
    Column("failures", Integer, nullable=False),
    Column("moved_to", Raw),
    Column("move_seen_at", UtcTime),
    Column("move_sightings", Integer, nullable=False),
    Column("stopped", Clean),
    Column("last_error", Clean),
    Column("rhythm", Text, nullable=False),  # JSON of Rhythm
    Column("pace", Number),  # microseconds
    Column("last_new_at", UtcTime),
    Column("cost", Number),  # bytes
    Column("host", Raw),
    Column("paused_host", Raw),
    Column("paused_until", UtcTime),
    Column("identity", Text),
    Column("missing", Integer, nullable=False),
)

poll_log = Table(
    "poll_log",
    metadata,
    Column("id", Number, primary_key=True),
    Column("source", ForeignKey("source.id"), nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    Column("outcome", Text, nullable=False),
    Column("requests", Number, nullable=False),
    Column("bytes_received", Number, nullable=False),
    Column("elapsed_s", Float, nullable=False),
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("duplicates", Integer, nullable=False),
    Column("message", Clean),
    Column("paused_host", Raw),
    Column("paused_until", UtcTime),
    Index(None, "source", "id"),
)

notice = Table(
    "notice",
    metadata,
    Column("id", Number, primary_key=True),
    Column("source", ForeignKey("source.id")),  # null: about a feed of ours
    Column("feed", Sorted),
    Column("kind", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("words", Clean, nullable=False),
)

entry = Table(
    "entry",
    metadata,
    Column("id", Number, primary_key=True),
    Column("source", ForeignKey("source.id"), nullable=False),
    Column("guid", Raw, nullable=False),
    # Source and guid as one text of bounded length that sorts like the pair (rows.identity).
    Column("identity", Sorted, nullable=False, unique=True),
    Column("guid_origin", Text, nullable=False),
    # The smallest id of the entries that tell its story; 0 only inside the inserting transaction.
    Column("cluster", Number, nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("words_hash", Text, nullable=False),
    Column("first_seen", UtcTime, nullable=False),
    Column("last_seen", UtcTime, nullable=False),  # to the day
    Column("sort_at", UtcTime, nullable=False),
    Column("published_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("withdrawn", UtcTime),  # taken back then: kept, in no category and in no feed
)
Index(None, entry.c.sort_at.desc(), entry.c.identity)
Index(None, entry.c.source, entry.c.sort_at.desc(), entry.c.identity)
_GONE = entry.c.withdrawn.is_not(None)
Index(None, entry.c.withdrawn, sqlite_where=_GONE, postgresql_where=_GONE)

alias = Table(
    "alias",
    metadata,
    Column("id", Number, primary_key=True),
    Column("identity", Sorted, nullable=False, unique=True),  # as in entry, of the other guid
    Column("entry", ForeignKey("entry.id"), nullable=False, index=True),
)

revision = Table(
    "revision",
    metadata,
    Column("entry", ForeignKey("entry.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("published", UtcTime),
    Column("updated", UtcTime),
    Column("title", Clean, nullable=False),
    Column("link", Clean),
    Column("parts", Clean, nullable=False),  # JSON of all else an Article has
    Column("summary", Clean, nullable=False),
    Column("content", Clean, nullable=False),
)

category = Table(
    "category",
    metadata,
    Column("slug", Sorted, primary_key=True),
    Column("name", Sorted, nullable=False),  # the smallest ever filed under: no order matters
    Column("entries", Integer, nullable=False),  # counted here, as in source
    Column("own", Boolean, nullable=False),  # named by an entry itself, once
)

entry_category = Table(
    "entry_category",
    metadata,
    Column("entry", ForeignKey("entry.id"), primary_key=True, autoincrement=False),
    Column("slug", ForeignKey("category.slug"), primary_key=True),
    # Both as in entry, so that the newest of a category are one stretch of an index.
    Column("sort_at", UtcTime, nullable=False),
    Column("identity", Sorted, nullable=False),
    Column("fixed", Boolean, nullable=False),
    # The newest entry there was when it was put here: what came since is one stretch of an index.
    Column("arrival", Number, nullable=False),
    Index(None, "slug", "arrival"),
    sqlite_with_rowid=False,
)
Index(
    None,
    entry_category.c.slug,
    entry_category.c.sort_at.desc(),
    entry_category.c.identity,
    entry_category.c.entry,
)

# What the ranges of the indices above do not say: feeds of tags, languages, authors, words.
shelf = Table(
    "shelf",
    metadata,
    Column("key", Sorted, primary_key=True),  # of the match (core.select)
    # The first entry of which it is not known whether it stands here; null: it is of all.
    Column("missed_from", Number),
)

shelf_entry = Table(
    "shelf_entry",
    metadata,
    Column(
        "entry", ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    ),
    Column("shelf", ForeignKey("shelf.key", ondelete="CASCADE"), primary_key=True),
    Column("sort_at", UtcTime, nullable=False),  # the three as in entry_category
    Column("identity", Sorted, nullable=False),
    Column("arrival", Number, nullable=False),
    Index(None, "shelf", "arrival"),
    sqlite_with_rowid=False,
)
Index(
    None,
    shelf_entry.c.shelf,
    shelf_entry.c.sort_at.desc(),
    shelf_entry.c.identity,
    shelf_entry.c.entry,
)

fingerprint = Table(
    "fingerprint",
    metadata,
    Column("entry", ForeignKey("entry.id"), primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("value", Sorted, primary_key=True),  # types.bounded
    Index(None, "kind", "value", "entry"),
    sqlite_with_rowid=False,
)

# What an entry is compared by among stories (model.known.Traces).
story_sketch = Table(
    "story_sketch",
    metadata,
    Column("entry", ForeignKey("entry.id"), primary_key=True, autoincrement=False),
    Column("sketch", LargeBinary, nullable=False),
    Column("link_key", Integer),
    Column("version", Integer, nullable=False),  # of what made it (store.stories)
)

# What it is found by. No foreign key: it would be looked up for each of a dozen rows an entry.
story_key = Table(
    "story_key",
    metadata,
    Column("key", Integer, primary_key=True, autoincrement=False),
    # Half a Number: rows of PostgreSQL are the shorter for it.
    Column("entry", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

duplicate_link = Table(
    "duplicate_link",
    metadata,
    Column("a", ForeignKey("entry.id"), primary_key=True, autoincrement=False),
    Column("b", ForeignKey("entry.id"), primary_key=True, autoincrement=False),
    Column("rule", Clean, nullable=False),
    Column("score", Float, nullable=False),
    Column("evidence", Clean, nullable=False),  # JSON (core.stories.keeping)
    Column("by_user", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),  # false: it was judged again and does not hold
    Column("at", UtcTime, nullable=False),
    Index(None, "b"),
)

# Entries of which the operator said that they tell two stories; a is the smaller.
parted = Table(
    "parted",
    metadata,
    Column("a", ForeignKey("entry.id"), primary_key=True, autoincrement=False),
    Column("b", ForeignKey("entry.id"), primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "b"),
)

# Asked by every poll, written by whatever takes entries back.
tombstone = Table(
    "tombstone",
    metadata,
    Column("identity", Sorted, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("reason", Clean),
    Column("filed", Clean),  # JSON: the categories it stood in, for its return
    Column("by_source", Boolean, nullable=False),  # its source dropped it, and may bring it back
)

output_item = Table(
    "output_item",
    metadata,
    Column("id", Number, primary_key=True),
    Column("feed", Sorted, nullable=False),
    Column("entry", ForeignKey("entry.id"), nullable=False),
    Column("atom_id", Raw, nullable=False),
    Column("atom_key", Sorted, nullable=False),  # types.bounded of atom_id
    Column("page", Integer),  # of the feed's archive; null: in none yet
    UniqueConstraint("entry", "feed"),
    UniqueConstraint("feed", "atom_key"),
    Index(None, "feed", "page"),
)

# Pages of archives to write again, because an entry in them was edited or taken back.
stale_page = Table(
    "stale_page",
    metadata,
    Column("id", Number, primary_key=True),
    Column("feed", Sorted, nullable=False),
    Column("page", Integer, nullable=False),
    Index(None, "feed", "page"),
)

artifact = Table(
    "artifact",
    metadata,
    Column("path", Sorted, primary_key=True),
    Column("feed", Sorted),  # null: of the whole site
    Column("page", Integer),  # of the feed's archive; null: the feed itself
    Column("media_type", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", UtcTime, nullable=False),
    Column("gzip", LargeBinary, nullable=False),  # as most clients ask for it
    Column("headers", Text, nullable=False),  # JSON of those it is served with besides the usual
    Column("pieces", Text),  # JSON of Pieces; null: none of its items is taken over
    Index(None, "feed", "page"),
)

built = Table(
    "built",
    metadata,
    Column("feed", Sorted, primary_key=True),
    Column("recipe", Text, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("updated", UtcTime),
    Column("pages", Integer, nullable=False),  # of its archive
    Column("archived_by", Text, nullable=False),  # the recipe its archive was made by
    # Entries up to this one were looked at for its archive, and of those only the ones up to that
    # place while the sweep goes on; null: look at all.
    Column("swept", Number),
    Column("swept_at", UtcTime),
    Column("swept_identity", Sorted),
    Column("said", Text),  # JSON of Summary; null: the next build is compared with nothing
    Column("archive_at", UtcTime),  # when its archive is gone on with; null: it lacks no page
)

# Feeds that only those get who know a token.
private = Table(
    "private",
    metadata,
    Column("feed", Sorted, primary_key=True),
    Column("digest", Text, nullable=False),  # of the token, which is kept nowhere
)

# Feeds that were published and are no more; their rows in output_item stay.
gone = Table(
    "gone",
    metadata,
    Column("feed", Sorted, primary_key=True),
    Column("moved_to", Sorted),  # the feed that its address leads to; null: it is gone
    Column("digest", Text),  # of its last token, if it was private: nobody else is told of it
)

# Feeds that went on with the ids of another, which they were before.
origin = Table(
    "origin",
    metadata,
    Column("feed", Sorted, primary_key=True),
    Column("name", Sorted, nullable=False),  # the first it had: its own id is made of it
)

outdated = Table(
    "outdated",
    metadata,
    Column("feed", Sorted, primary_key=True),
    Column("marks", Integer, nullable=False),  # how often it was marked, ever
    Column("settled", Integer, nullable=False),  # the newest mark that is built
    Column("due_at", UtcTime),  # when it is to be marked by itself
    Column("held", Clean),  # why its last rendering does not leave
    Column("held_at", UtcTime),
    Column("held_marks", Integer),  # not tried again before another mark; null: at every round
)

# Numbers as in outdated: what is wanted and not done is to be delivered.
delivery = Table(
    "delivery",
    metadata,
    Column("target", Sorted, primary_key=True),  # its name in ports.Target
    Column("feed", Sorted, primary_key=True),
    Column("wanted", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),  # in vain, since it was last done
    Column("due_at", UtcTime),  # null: at once
    Column("error", Clean),
)

subscription = Table(
    "subscription",
    metadata,
    Column("id", Number, primary_key=True),
    Column("topic", Sorted, nullable=False),  # path of an artifact
    Column("callback", Raw, nullable=False),
    Column("callback_key", Sorted, nullable=False),  # types.bounded of callback
    Column("host", Sorted, nullable=False),
    Column("secret", Raw),
    Column("expires_at", UtcTime),  # null: never verified
    Column("sent_etag", Text),  # what it has; another one is to be delivered
    # What was asked for and is to be verified; null: nothing.
    Column("asked", Text),
    Column("asked_secret", Raw),
    Column("asked_lease_s", Integer),
    Column("asked_attempts", Integer, nullable=False),
    Column("asked_due_at", UtcTime),  # null: at once
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcTime),
    UniqueConstraint("topic", "callback_key"),
    Index(None, "host"),
)
