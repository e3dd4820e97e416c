"""Server side of the app: login, limits, guards, endpoints, processes."""
