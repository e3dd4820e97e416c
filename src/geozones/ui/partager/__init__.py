"""Page « Partager »: exports, comments and opinions, webinar."""
