"""Make a database of years out of one of a day, in a minute instead of an hour.

The small one is made by polling: every row in it is a real one. The large one holds it and copies
of its rows, each copy forty days older than the last and of another tenth of the sources:

1. An entry, its revision, categories, fingerprints, sketch and the ids its feeds gave it are
   copied, its guid made another; long contents are cut: they would only fill the disk.
2. What it is found by among stories is forgotten after two weeks: it is copied once for each tenth
   of the sources, with other keys.
3. The copies stand on pages of archives, so a build has nothing to make up for; the pages
   themselves are not written.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

DAYS = 40
"""Between a copy and the next: a feed of the catalogue spans 35."""
_CONTENT = 500
_KEY_STEP = 0x1E3779B97F4A7C15
_KEYS = (1 << 63) - 1

_STATES = """
UPDATE poll_state SET
  (location, etag, last_modified, body_hash, next_poll_at, last_poll_at, first_ok_at, last_ok_at,
   rhythm, pace, last_new_at, identity) =
  (SELECT new.location, old.etag, old.last_modified, old.body_hash, old.next_poll_at,
     old.last_poll_at, old.first_ok_at, old.last_ok_at, old.rhythm, old.pace, old.last_new_at,
     old.identity
   FROM poll_state old, address new
   WHERE old.source = (poll_state.source - 1) % :small + 1 AND new.source = poll_state.source)
WHERE source > :small
"""
_INFOS = """
UPDATE source SET info = (SELECT info FROM source old WHERE old.id = (source.id - 1) % :small + 1)
WHERE id > :small
"""

_EARLIER = "strftime('%Y-%m-%d %H:%M:%S.000000', {column}, :earlier)"
_AT = _EARLIER.format(column="sort_at")
_COPIES = (
    f"""
INSERT INTO entry SELECT old.id + :shift, new.id, old.guid || :mark,
  new.name || substr(old.identity, instr(old.identity, char(9))) || :mark, guid_origin,
  cluster + :shift, revision, content_hash, words_hash,
  {_EARLIER.format(column="first_seen")}, {_EARLIER.format(column="last_seen")}, {_AT},
  {_EARLIER.format(column="published_at")}, {_EARLIER.format(column="updated_at")}, withdrawn
FROM entry old JOIN source new ON new.id = old.source + :sources
WHERE old.id <= :entries
""",
    f"""
INSERT INTO revision SELECT entry + :shift, number, at, published, updated, title, link, parts,
  substr(summary, 1, {_CONTENT}), substr(content, 1, {_CONTENT})
FROM revision WHERE entry <= :entries
""",
    f"""
INSERT INTO entry_category SELECT entry + :shift, slug, {_AT}, identity || :mark, fixed,
  arrival + :shift
FROM entry_category WHERE entry <= :entries
""",
    """
INSERT INTO fingerprint SELECT entry + :shift, kind, value || :mark
FROM fingerprint WHERE entry <= :entries
""",
    """
INSERT INTO story_sketch SELECT entry + :shift, sketch, link_key, version
FROM story_sketch WHERE entry <= :entries
""",
    """
INSERT INTO output_item (feed, entry, atom_id, atom_key, page)
SELECT feed, entry + :shift, atom_id || :mark, atom_key || :mark, coalesce(page, 1)
FROM output_item WHERE entry <= :entries
""",
)
_KEY_COPIES = f"""
INSERT OR IGNORE INTO story_key SELECT (key + :keys) & {_KEYS}, entry + :shift
FROM story_key WHERE entry <= :entries
"""
_COUNTS = (
    "UPDATE source SET entries = (SELECT count(*) FROM entry WHERE entry.source = source.id)",
    "UPDATE category SET entries = "
    "(SELECT count(*) FROM entry_category WHERE entry_category.slug = category.slug)",
    "UPDATE built SET swept = (SELECT max(id) FROM entry)",
)


def grow(database: Path, small: int, locations: Sequence[str], entries: int) -> int:
    """Add copies until there are so many entries; returns how many there are.

    The database knows all the sources, of which the first ``small`` were polled; ``locations`` are
    the addresses of all.
    """
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;")
        connection.execute("CREATE TEMP TABLE address (source INTEGER PRIMARY KEY, location TEXT)")
        connection.executemany("INSERT INTO address VALUES (?, ?)", enumerate(locations, 1))
        connection.execute(_STATES, {"small": small})
        connection.execute(_INFOS, {"small": small})
        _copy(connection, small, len(locations) // small, entries)
        for statement in _COUNTS:
            connection.execute(statement)
        connection.commit()
        (made,) = connection.execute("SELECT count(*) FROM entry").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return int(made)


def _copy(connection: sqlite3.Connection, small: int, tenths: int, entries: int) -> None:
    (there,) = connection.execute("SELECT max(id) FROM entry").fetchone()
    for copy in range(1, entries // there):
        words = {
            "shift": copy * there,
            "sources": copy % tenths * small,
            "mark": f"#{copy}",
            "earlier": f"-{copy * DAYS} days",
            "entries": there,
        }
        for statement in _COPIES:
            connection.execute(statement, words)
        if copy < tenths:
            connection.execute(_KEY_COPIES, words | {"keys": copy * _KEY_STEP & (_KEYS >> 1)})
        connection.commit()
