"""Search box: lycées, towns, zones, sectors and RNS to go to."""

import json

import htpy

from geozones.domain.terms import worded
from geozones.ui.widgets import html
from geozones.workspace.maps.find import entries
from geozones.workspace.study import Study

#: Most places sent to the browser; the smallest communes come last and are left out.
_MOST = 600


def search_box(study: Study) -> None:
    """Draw the page's title, the box, which ``search.js`` builds, and the places that it knows."""
    places = [(entry.key, entry.name, entry.label) for entry in entries(study)[:_MOST]]
    title = htpy.h1(".gz-hidden")["Carte des secteurs et des zones de continuité"]
    below = html.hidden_title("Ce qui est choisi")
    sought = worded("Chercher {a_site}, une ville, une zone")
    box = htpy.div("#gz-search", role="search", data_sought=sought)
    html.show(htpy.fragment[title, box, below])
    known = json.dumps(places, ensure_ascii=False, separators=(",", ":"))
    html.show(htpy.div("#gz-search-places", hidden=True, data_places=known))
