"""Servers of the tests' own, on the loopback interface."""
