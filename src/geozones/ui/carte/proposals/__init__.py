"""Mode « proposer » of the page « Carte »: search, results, acceptance."""
