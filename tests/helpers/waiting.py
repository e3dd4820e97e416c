"""The one limit of what a test waits for."""

#: Seconds: beyond what the slowest machine needs, for what ends by itself, or it never ends.
PATIENCE = 600.0
