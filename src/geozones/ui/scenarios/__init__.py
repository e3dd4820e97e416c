"""Page « Scénarios »: keep, compare, decide, share, publish."""
