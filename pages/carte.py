"""Carte: the territory as it is organised, to look at."""

from geozones.ui.frame import show
from geozones.ui.views.carte import carte

show(
    carte,
    has_map=True,
    heading="Carte des secteurs et des zones de continuité",
)
