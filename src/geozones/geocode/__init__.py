"""From an address to a point: providers tried in order, one cache on disk."""
