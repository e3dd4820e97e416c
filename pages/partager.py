"""Partager: pictures, documents, data, everything for a webinar."""

from geozones.ui.frame import show
from geozones.ui.partager import partager

show(partager)
