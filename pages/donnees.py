"""Données: from the list people have to a checked, located plan."""

from geozones.ui.frame import show
from geozones.ui.views.donnees import donnees

show(donnees)
