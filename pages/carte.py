"""Carte: the territory as it is organised, to look at."""

from geozones.ui.app import show
from geozones.ui.views.carte import carte

show(carte)
