"""Bytes to records (``reading``), records to bytes (``writing``); nothing here opens anything."""
