"""Données: from the list people have to a checked, located plan."""

from geozones.ui.donnees import donnees
from geozones.ui.frame import show

show(donnees)
