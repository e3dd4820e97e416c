"""Tools that change the plan: moves, zones, sectors, lycées, locks."""
