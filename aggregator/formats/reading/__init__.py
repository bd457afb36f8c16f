"""Documents to ``ParsedFeed``; a parser gets bytes, never a URL or a path to open.

* ``feeds``     RSS, RDF, Atom and JSON Feed: ``read_feed`` says in which order what is tried
* ``posts``     folders of posts
* ``discovery`` the feeds a page names

Of a feed, ``encoding`` makes text, ``prolog`` finds the root, ``repair`` mends; ``channels`` and
``entries`` (with ``media``, ``people``, ``texts``, ``values``) read the tree of ``nodes``;
``tolerant`` is feedparser's part, ``jsonfeed`` our own.
"""
