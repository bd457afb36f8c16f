"""Bytes to records (``reading``) and records to bytes (``writing``); nothing here opens anything."""
