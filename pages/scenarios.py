"""Scénarios: keep, compare, decide, share."""

from geozones.ui.frame import show
from geozones.ui.scenarios import scenarios_page

show(scenarios_page)
