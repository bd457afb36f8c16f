"""Targets outside the database: folders that static sites are built from, folders to serve, hubs.

Those that write folders keep a manifest of what is theirs; a file that is not in it is never
touched. Hubs and subscribers are strangers: ``calls`` bounds what they can do to us.
"""
