"""Scenarios: opened, changed, saved, for someone with a role."""
