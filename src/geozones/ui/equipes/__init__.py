"""Page « Équipes »: needs, posts, absences, cost, bilan."""
