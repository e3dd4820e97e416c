"""Feedback on shared versions: comments, and opinions requested from lycées."""
