"""Content of each page of the app."""
