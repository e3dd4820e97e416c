"""Sharing: the dossier of a view, which every export is made from."""
