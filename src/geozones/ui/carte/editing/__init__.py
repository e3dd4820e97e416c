"""Tools of the mode « modifier »: moves, zones, sectors, lycées, locks."""
