"""Base room: files, settings, errors, French typography; independent of all other rooms."""
