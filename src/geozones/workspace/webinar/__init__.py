"""A webinar: its story, its slides, everything for it in one zip."""
