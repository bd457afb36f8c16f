"""The pure rules: arguments in, value out; no I/O, no clock, no randomness, no logging."""
