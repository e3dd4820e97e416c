"""Moves of a lycée: effects, destinations, hints."""
