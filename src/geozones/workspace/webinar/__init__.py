"""Webinar: its story, its slides, and a zip with everything."""
