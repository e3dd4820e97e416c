"""Geocoding of addresses: providers tried in order, one cache on disk."""
