"""Données: from the list people have to a checked, located plan."""

from geozones.ui.app import show
from geozones.ui.views.donnees import donnees

show(donnees)
