"""Communes, cells, départements and the shapes made of them."""
