"""Communes, cells, départements and their shapes."""
