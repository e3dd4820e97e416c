"""Communes, cells, borders and the map background, as geometry; the data of France.

May import `common`, `domain`.
"""
