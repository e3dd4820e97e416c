"""Page « Équipes »: needs, posts, absences, resilience, cost, bilan."""
