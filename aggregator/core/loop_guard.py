"""Know our own posts when we meet them in a folder we read.

A folder of posts written by us and read by us would come round for ever: every post carries the tag
under which we mint ids (``Site.tag``), in ``source_id`` where we minted that, in ``republished_by``
where the id is the publisher's own.
"""


def mark(tag: str) -> str:
    """Return what ``republished_by`` says in the posts of a site."""
    return f"tag:{tag}:posts"


def is_ours(source_id: str, tag: str) -> bool:
    """Tell whether an id, or the mark of a post, was made under this tag authority and date."""
    return bool(tag) and source_id.strip().lower().startswith(f"tag:{tag}:".lower())
