"""Data of the whole of France for geozones; ``sources.toml`` tells where each file is from."""
