"""Staffing: needs, posts, absences, and the holders of posts."""
