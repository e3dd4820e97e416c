"""A data folder, opened: lycées, land, minutes, calendar, and the names that people type."""
