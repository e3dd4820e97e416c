"""Propositions: the best moves, proven."""

from geozones.ui.app import show
from geozones.ui.views.propositions import propositions

show(propositions)
