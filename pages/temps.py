"""Temps de trajet: who is how far, and who says so."""

from geozones.ui.app import show
from geozones.ui.views.temps import temps

show(temps)
