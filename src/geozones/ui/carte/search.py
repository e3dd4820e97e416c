"""Search box: lycées, towns, zones, sectors and RNS to go to."""

from geozones.common.errors import shortened
from geozones.ui import state
from geozones.ui.carte.gestures import go_to
from geozones.ui.state.carte_views import Selection
from geozones.ui.widgets.chooser import chooser
from geozones.workspace.maps.find import entries, found
from geozones.workspace.study import Study

_LABEL = "Chercher un lycée, une ville, une zone, un RNS"
#: Most entries sent to the browser, which gets the list at each choice; the smallest communes come
#: last and are left out.
_MOST = 600


def search_box(study: Study) -> None:
    """Draw the box, which selects the place that the user names."""
    names: dict[str | None, str] = {entry.key: entry.label for entry in entries(study)[:_MOST]}

    def search(where: str | None) -> None:
        """Go to an entry, or to the likeliest match of a text, whatever its accents."""
        known = where is None or where in names
        hits = () if known else found(study, str(where))
        if known or hits:
            key = hits[0].key if hits else where or "region:"
            go_to(study, key)
            state.update(Selection, search=key, found=state.of(Selection).places)
            return
        state.notify("error", f"Rien ne s'appelle « {shortened(str(where))} » sur cette carte.")

    bound: state.BoundValue[str | None] = state.BoundValue("Selection.search", _now(), search)
    chooser(
        _LABEL,
        names,
        bound,
        placeholder="Lycée, ville, zone ou RNS…",
        label_visibility="collapsed",
        accept_new_options=True,
    )


def _now() -> str | None:
    """Return the entry searched for, while it is still the selection.

    A selection made elsewhere is not shown here: the browser would rebuild a list of this length at
    each click on the map.
    """
    chosen = state.of(Selection)
    return chosen.search if chosen.places == chosen.found else None
