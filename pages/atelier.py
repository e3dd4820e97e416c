"""Atelier: try a move, know what it costs."""

from geozones.ui.app import show
from geozones.ui.views.atelier import atelier

show(atelier)
