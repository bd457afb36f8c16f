"""What ten times the sources and fifty times the entries cost: ``python -m bench --growth``."""
