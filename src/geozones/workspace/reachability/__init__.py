"""Travel times for pages and commands: trips, matrices, communes by minutes."""
