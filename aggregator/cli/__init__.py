"""The command ``aggregator``: words in, words out; all work is done below."""
