"""Équipes: who is where, who covers, how fast."""

from geozones.ui.frame import show
from geozones.ui.views.equipes import equipes

show(equipes)
