"""Scénarios: keep, compare, decide, share."""

from geozones.ui.app import show
from geozones.ui.views.scenarios import scenarios_page

show(scenarios_page)
