"""Scenarios: reading, editing, saving and sharing, for a caller with a role."""
