"""Use cases, which combine the packages below for pages and commands."""
