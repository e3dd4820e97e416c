"""Scenes of a plan, of a drive and of reachable areas."""
