"""What a move would change, and where a lycée could go."""
