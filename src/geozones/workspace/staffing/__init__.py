"""Needs, posts, absences, and the people in posts."""
