"""The first tables."""

import sqlalchemy as sa
from alembic import op

from aggregator.store.types import Clean, Number, Raw, Sorted, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    _polled()
    _kept()
    _filed()
    _shelved()
    _recognised()
    _published()
    _told()


def _polled() -> None:
    op.create_table(
        "source",
        sa.Column("id", Number, nullable=False),
        sa.Column("name", Sorted(), nullable=False),
        sa.Column("info", Clean(), nullable=False),
        sa.Column("categories", Clean(), nullable=False),
        sa.Column("terms", Clean(), nullable=False),
        sa.Column("credit", Clean(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("added", UtcTime(), nullable=False),
        sa.Column("removed", UtcTime()),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
        sa.UniqueConstraint("name", name="uq_source_name"),
    )
    op.create_table(
        "poll_state",
        sa.Column("source", Number, autoincrement=False, nullable=False),
        sa.Column("location", Raw()),
        sa.Column("etag", Raw()),
        sa.Column("last_modified", Raw()),
        sa.Column("body_hash", sa.Text()),
        sa.Column("next_poll_at", UtcTime()),
        sa.Column("lease_until", UtcTime()),
        sa.Column("put_off_until", UtcTime()),
        sa.Column("last_poll_at", UtcTime()),
        sa.Column("previous_poll_at", UtcTime()),
        sa.Column("first_ok_at", UtcTime()),
        sa.Column("last_ok_at", UtcTime()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("moved_to", Raw()),
        sa.Column("move_seen_at", UtcTime()),
        sa.Column("move_sightings", sa.Integer(), nullable=False),
        sa.Column("stopped", Clean()),
        sa.Column("last_error", Clean()),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("pace", Number),
        sa.Column("last_new_at", UtcTime()),
        sa.Column("cost", Number),
        sa.Column("host", Raw()),
        sa.Column("paused_host", Raw()),
        sa.Column("paused_until", UtcTime()),
        sa.Column("identity", sa.Text()),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name="fk_poll_state_source"),
        sa.PrimaryKeyConstraint("source", name="pk_poll_state"),
    )
    op.create_index("ix_poll_state_next_poll_at", "poll_state", ["next_poll_at"])
    op.create_table(
        "poll_log",
        sa.Column("id", Number, nullable=False),
        sa.Column("source", Number, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("requests", Number, nullable=False),
        sa.Column("bytes_received", Number, nullable=False),
        sa.Column("elapsed_s", sa.Float(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("message", Clean()),
        sa.Column("paused_host", Raw()),
        sa.Column("paused_until", UtcTime()),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name="fk_poll_log_source"),
        sa.PrimaryKeyConstraint("id", name="pk_poll_log"),
    )
    op.create_index("ix_poll_log_at", "poll_log", ["at"])
    op.create_index("ix_poll_log_source_id", "poll_log", ["source", "id"])
    op.create_table(
        "notice",
        sa.Column("id", Number, nullable=False),
        sa.Column("source", Number),
        sa.Column("feed", Sorted()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("words", Clean(), nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name="fk_notice_source"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
    )


def _kept() -> None:
    op.create_table(
        "entry",
        sa.Column("id", Number, nullable=False),
        sa.Column("source", Number, nullable=False),
        sa.Column("guid", Raw(), nullable=False),
        sa.Column("identity", Sorted(), nullable=False),
        sa.Column("guid_origin", sa.Text(), nullable=False),
        sa.Column("cluster", Number, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("words_hash", sa.Text(), nullable=False),
        sa.Column("first_seen", UtcTime(), nullable=False),
        sa.Column("last_seen", UtcTime(), nullable=False),
        sa.Column("sort_at", UtcTime(), nullable=False),
        sa.Column("published_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("withdrawn", UtcTime()),
        sa.ForeignKeyConstraint(["source"], ["source.id"], name="fk_entry_source"),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.UniqueConstraint("identity", name="uq_entry_identity"),
    )
    op.create_index("ix_entry_cluster", "entry", ["cluster"])
    op.create_index("ix_entry_sort_at_identity", "entry", [sa.text("sort_at DESC"), "identity"])
    op.create_index(
        "ix_entry_source_sort_at_identity", "entry", ["source", sa.text("sort_at DESC"), "identity"]
    )
    gone = sa.text("withdrawn IS NOT NULL")
    op.create_index(
        "ix_entry_withdrawn", "entry", ["withdrawn"], sqlite_where=gone, postgresql_where=gone
    )
    op.create_table(
        "alias",
        sa.Column("id", Number, nullable=False),
        sa.Column("identity", Sorted(), nullable=False),
        sa.Column("entry", Number, nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["entry.id"], name="fk_alias_entry"),
        sa.PrimaryKeyConstraint("id", name="pk_alias"),
        sa.UniqueConstraint("identity", name="uq_alias_identity"),
    )
    op.create_index("ix_alias_entry", "alias", ["entry"])
    op.create_table(
        "revision",
        sa.Column("entry", Number, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("published", UtcTime()),
        sa.Column("updated", UtcTime()),
        sa.Column("title", Clean(), nullable=False),
        sa.Column("link", Clean()),
        sa.Column("parts", Clean(), nullable=False),
        sa.Column("summary", Clean(), nullable=False),
        sa.Column("content", Clean(), nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["entry.id"], name="fk_revision_entry"),
        sa.PrimaryKeyConstraint("entry", "number", name="pk_revision"),
    )


def _filed() -> None:
    op.create_table(
        "category",
        sa.Column("slug", Sorted(), nullable=False),
        sa.Column("name", Sorted(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name="pk_category"),
    )
    op.create_table(
        "entry_category",
        sa.Column("entry", Number, autoincrement=False, nullable=False),
        sa.Column("slug", Sorted(), nullable=False),
        sa.Column("sort_at", UtcTime(), nullable=False),
        sa.Column("identity", Sorted(), nullable=False),
        sa.Column("fixed", sa.Boolean(), nullable=False),
        sa.Column("arrival", Number, nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["entry.id"], name="fk_entry_category_entry"),
        sa.ForeignKeyConstraint(["slug"], ["category.slug"], name="fk_entry_category_slug"),
        sa.PrimaryKeyConstraint("entry", "slug", name="pk_entry_category"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_entry_category_slug_sort_at_identity_entry",
        "entry_category",
        ["slug", sa.text("sort_at DESC"), "identity", "entry"],
    )
    op.create_index("ix_entry_category_slug_arrival", "entry_category", ["slug", "arrival"])


def _shelved() -> None:
    op.create_table(
        "shelf",
        sa.Column("key", Sorted(), nullable=False),
        sa.Column("missed_from", Number),
        sa.PrimaryKeyConstraint("key", name="pk_shelf"),
    )
    op.create_table(
        "shelf_entry",
        sa.Column("entry", Number, autoincrement=False, nullable=False),
        sa.Column("shelf", Sorted(), nullable=False),
        sa.Column("sort_at", UtcTime(), nullable=False),
        sa.Column("identity", Sorted(), nullable=False),
        sa.Column("arrival", Number, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry"], ["entry.id"], name="fk_shelf_entry_entry", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["shelf"], ["shelf.key"], name="fk_shelf_entry_shelf", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry", "shelf", name="pk_shelf_entry"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_shelf_entry_shelf_arrival", "shelf_entry", ["shelf", "arrival"])
    op.create_index(
        "ix_shelf_entry_shelf_sort_at_identity_entry",
        "shelf_entry",
        ["shelf", sa.text("sort_at DESC"), "identity", "entry"],
    )


def _recognised() -> None:
    op.create_table(
        "fingerprint",
        sa.Column("entry", Number, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", Sorted(), nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["entry.id"], name="fk_fingerprint_entry"),
        sa.PrimaryKeyConstraint("entry", "kind", "value", name="pk_fingerprint"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_fingerprint_kind_value_entry", "fingerprint", ["kind", "value", "entry"])
    op.create_table(
        "story_sketch",
        sa.Column("entry", Number, autoincrement=False, nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("link_key", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["entry.id"], name="fk_story_sketch_entry"),
        sa.PrimaryKeyConstraint("entry", name="pk_story_sketch"),
    )
    op.create_table(
        "story_key",
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "entry", name="pk_story_key"),
        sqlite_with_rowid=False,
    )
    _linked()


def _linked() -> None:
    op.create_table(
        "duplicate_link",
        sa.Column("a", Number, autoincrement=False, nullable=False),
        sa.Column("b", Number, autoincrement=False, nullable=False),
        sa.Column("rule", Clean(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("evidence", Clean(), nullable=False),
        sa.Column("by_user", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["a"], ["entry.id"], name="fk_duplicate_link_a"),
        sa.ForeignKeyConstraint(["b"], ["entry.id"], name="fk_duplicate_link_b"),
        sa.PrimaryKeyConstraint("a", "b", name="pk_duplicate_link"),
    )
    op.create_index("ix_duplicate_link_b", "duplicate_link", ["b"])
    op.create_table(
        "parted",
        sa.Column("a", Number, autoincrement=False, nullable=False),
        sa.Column("b", Number, autoincrement=False, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["a"], ["entry.id"], name="fk_parted_a"),
        sa.ForeignKeyConstraint(["b"], ["entry.id"], name="fk_parted_b"),
        sa.PrimaryKeyConstraint("a", "b", name="pk_parted"),
    )
    op.create_index("ix_parted_b", "parted", ["b"])
    op.create_table(
        "tombstone",
        sa.Column("identity", Sorted(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("reason", Clean()),
        sa.Column("filed", Clean()),
        sa.Column("by_source", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("identity", name="pk_tombstone"),
    )


def _published() -> None:
    op.create_table(
        "output_item",
        sa.Column("id", Number, nullable=False),
        sa.Column("feed", Sorted(), nullable=False),
        sa.Column("entry", Number, nullable=False),
        sa.Column("atom_id", Raw(), nullable=False),
        sa.Column("atom_key", Sorted(), nullable=False),
        sa.Column("page", sa.Integer()),
        sa.ForeignKeyConstraint(["entry"], ["entry.id"], name="fk_output_item_entry"),
        sa.PrimaryKeyConstraint("id", name="pk_output_item"),
        sa.UniqueConstraint("entry", "feed", name="uq_output_item_entry_feed"),
        sa.UniqueConstraint("feed", "atom_key", name="uq_output_item_feed_atom_key"),
    )
    op.create_index("ix_output_item_feed_page", "output_item", ["feed", "page"])
    op.create_table(
        "stale_page",
        sa.Column("id", Number, nullable=False),
        sa.Column("feed", Sorted(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stale_page"),
    )
    op.create_index("ix_stale_page_feed_page", "stale_page", ["feed", "page"])
    op.create_table(
        "artifact",
        sa.Column("path", Sorted(), nullable=False),
        sa.Column("feed", Sorted()),
        sa.Column("page", sa.Integer()),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", UtcTime(), nullable=False),
        sa.Column("gzip", sa.LargeBinary(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("pieces", sa.Text()),
        sa.PrimaryKeyConstraint("path", name="pk_artifact"),
    )
    op.create_index("ix_artifact_feed_page", "artifact", ["feed", "page"])
    op.create_table(
        "built",
        sa.Column("feed", Sorted(), nullable=False),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("updated", UtcTime()),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("archived_by", sa.Text(), nullable=False),
        sa.Column("swept", Number),
        sa.Column("swept_at", UtcTime()),
        sa.Column("swept_identity", Sorted()),
        sa.Column("said", sa.Text()),
        sa.Column("archive_at", UtcTime()),
        sa.PrimaryKeyConstraint("feed", name="pk_built"),
    )
    op.create_table(
        "private",
        sa.Column("feed", Sorted(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", name="pk_private"),
    )
    op.create_table(
        "gone",
        sa.Column("feed", Sorted(), nullable=False),
        sa.Column("moved_to", Sorted()),
        sa.Column("digest", sa.Text()),
        sa.PrimaryKeyConstraint("feed", name="pk_gone"),
    )
    op.create_table(
        "origin",
        sa.Column("feed", Sorted(), nullable=False),
        sa.Column("name", Sorted(), nullable=False),
        sa.PrimaryKeyConstraint("feed", name="pk_origin"),
    )
    op.create_table(
        "outdated",
        sa.Column("feed", Sorted(), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcTime()),
        sa.Column("held", Clean()),
        sa.Column("held_at", UtcTime()),
        sa.Column("held_marks", sa.Integer()),
        sa.PrimaryKeyConstraint("feed", name="pk_outdated"),
    )


def _told() -> None:
    op.create_table(
        "delivery",
        sa.Column("target", Sorted(), nullable=False),
        sa.Column("feed", Sorted(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcTime()),
        sa.Column("error", Clean()),
        sa.PrimaryKeyConstraint("target", "feed", name="pk_delivery"),
    )
    op.create_table(
        "subscription",
        sa.Column("id", Number, nullable=False),
        sa.Column("topic", Sorted(), nullable=False),
        sa.Column("callback", Raw(), nullable=False),
        sa.Column("callback_key", Sorted(), nullable=False),
        sa.Column("host", Sorted(), nullable=False),
        sa.Column("secret", Raw()),
        sa.Column("expires_at", UtcTime()),
        sa.Column("sent_etag", sa.Text()),
        sa.Column("asked", sa.Text()),
        sa.Column("asked_secret", Raw()),
        sa.Column("asked_lease_s", sa.Integer()),
        sa.Column("asked_attempts", sa.Integer(), nullable=False),
        sa.Column("asked_due_at", UtcTime()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcTime()),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
        sa.UniqueConstraint("topic", "callback_key", name="uq_subscription_topic_callback_key"),
    )
    op.create_index("ix_subscription_host", "subscription", ["host"])
