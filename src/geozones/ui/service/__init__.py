"""What an administrator watches: the log, counters, and whether the app is ready."""
