"""Page « Équipes »: needs, posts, absences, year, bilan."""
