"""Page « Données »: imports, engines, reliability of travel times."""
