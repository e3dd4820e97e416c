"""Page « Données »: lists, travel times, territories."""
