"""A dossier of a view, filled for every export."""
