"""Search box: lycées, towns, zones, sectors and RNS to go to."""

import json

import htpy

from geozones.ui.widgets import html
from geozones.workspace.maps.find import entries
from geozones.workspace.study import Study

#: Most places sent to the browser; the smallest communes come last and are left out.
_MOST = 600


def search_box(study: Study) -> None:
    """Draw the box, which ``search.js`` builds in the page, and the places that it knows."""
    places = [(entry.key, entry.name, entry.label) for entry in entries(study)[:_MOST]]
    html.show(htpy.div("#gz-search"))
    known = json.dumps(places, ensure_ascii=False, separators=(",", ":"))
    html.show(htpy.div("#gz-search-places", hidden=True, data_places=known))
