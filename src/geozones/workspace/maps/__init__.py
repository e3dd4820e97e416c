"""A plan, a drive or a reach as a Scene."""
