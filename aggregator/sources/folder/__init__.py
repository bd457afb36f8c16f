"""Folders of posts on this machine, walked and read; ``FolderFetcher`` fills ``ports.Fetcher``.

1. Only regular files are opened, inside the folder, at most 4 MiB each. No link leads out of it, no
   pipe is waited for, no program is run (but ``git log``, where ``undated: git`` asks for it).
2. A file that cannot be had is one line; the others are unharmed.
3. A folder in which no file moved is not read: a digest of path, size, times and inode is kept
   as the source's ETag, so that restarts cost nothing either.
4. A file younger than two seconds may be half-written: it is left for the next scan, and the digest
   does not count it. Only the first scan of a folder that is all young waits these two seconds.
5. A folder that is not there, is a file, or was full and is empty (an unmounted disk, a failed
   checkout) is a failure: nothing is taken away.
6. A post that waits for its day is read again on that day, though no file moved: the digest carries
   the moment.
"""

from aggregator.sources.folder.fetcher import FolderFetcher

__all__ = ["FolderFetcher"]
