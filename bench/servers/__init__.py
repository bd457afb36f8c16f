"""Loopback servers that behave in every way: for the tests of fetching, and for the simulation."""
