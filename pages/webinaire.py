"""Webinaire: the story of a scenario, told by the keyboard in front of people."""

from geozones.ui.app import show
from geozones.ui.views.webinaire import webinaire

show(webinaire)
