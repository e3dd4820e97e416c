"""Équipes: who is where, who covers, how fast."""

from geozones.ui.equipes.page import equipes
from geozones.ui.frame import show

show(equipes)
