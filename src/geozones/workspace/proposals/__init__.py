"""The best plans, sought and proven."""
