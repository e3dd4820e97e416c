"""Carte: the territory as it is organised, to look at."""

from geozones.ui.carte import carte
from geozones.ui.frame import show

show(carte, has_map=True)
