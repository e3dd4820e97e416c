"""Address of the map: a link restores the same view, and the browser's Back returns to it.

The address names the mode, the selection (the narrowest of a sector, a zone, a lycée), the
colouring of the map, the date, the plan in force where it is shown instead of the current scenario,
and whether the map is in full screen. `address.publish` adds the scenario.
"""

from dataclasses import replace

from geozones.common.french import listing
from geozones.domain import Plan
from geozones.domain.terms import worded
from geozones.ui import current_scenario, state
from geozones.ui.carte.dates import days
from geozones.ui.carte.gestures import go_to
from geozones.ui.carte.shown import ACCESS, has_own_plan, plan_on_screen
from geozones.ui.state import address
from geozones.ui.state.carte_views import MapView, Mode, Selection
from geozones.ui.state.session_views import Arrival
from geozones.ui.widgets.publication_line import BASELINE, other_publications
from geozones.workspace.maps.colouring import colourings
from geozones.workspace.study import Study

#: Selectable places, the narrowest first: parameter in an address, and kind for `find`.
_PLACES = {"lycee": "lycee", "zone": "zone", "secteur": "sector"}
_PLACE_NAMES = {"lycee": "{the_site}", "zone": "la zone", "secteur": "le secteur"}


def parameters(study: Study) -> dict[str, str]:
    """Return the parameters that describe the screen; empty for the region as it opens."""
    view, chosen = state.of(MapView), state.of(Selection)
    places = ((word, getattr(chosen, field)) for word, field in _PLACES.items())
    narrowest = next(((word, place) for word, place in places if place is not None), None)
    date = next((day.date for day in days(study.atlas) if day.label == view.step), None)
    values = {
        address.MODE: view.mode if view.mode not in {None, Mode.LOOK} else None,
        **({} if narrowest is None else {narrowest[0]: narrowest[1]}),
        address.LAYER: view.colouring or None,
        address.DATE: date,
        address.PLAN: _plan(),
        address.SCREEN: address.FULL if view.full else None,
    }
    return {word: str(value) for word, value in values.items() if value is not None}


def _plan() -> str | None:
    view = state.of(MapView)
    if view.publication is not None:
        return view.publication
    return BASELINE if view.baseline and has_own_plan(current_scenario.current()) else None


def follow(study: Study) -> Study:
    """Apply the view of the address if the page was just loaded or Back was pressed.

    Return the study of the current scenario, which Back may change. Names that are not in the plan
    are reported to the user, and the rest is shown.
    """
    arrival = state.of(Arrival)
    if arrival.seen and not arrival.back:
        return study
    state.update(Arrival, seen=True, back=False)
    asked = address.asked_view()
    if arrival.back:
        _go_back(asked.get(address.SCENARIO))
        study = current_scenario.study()
    unknown = [*_show_view(study, asked, back=arrival.back)]
    shown = plan_on_screen(study).study
    unknown += _look_at(shown, asked, back=arrival.back)
    if unknown:
        state.notify("warning", f"L'adresse demande {listing(unknown)} : ce plan ne l'a pas.")
    return study


def _go_back(scenario: str | None) -> None:
    """Restore the mode and the scenario of an earlier address."""
    state.update(MapView, mode=address.asked_mode())
    current = current_scenario.current().scenario
    if scenario is not None and (current is None or current.id != scenario):
        current_scenario.open_scenario(scenario)


def _show_view(study: Study, asked: dict[str, str], *, back: bool) -> list[str]:
    """Apply the colouring, the date and the plan of an address; return the unknown names."""
    unknown = []
    view = state.of(MapView)
    if back:
        view = replace(view, colouring="", step=None, baseline=False, publication=None)
    layer, date, plan = (asked.get(word) for word in (address.LAYER, address.DATE, address.PLAN))
    if layer == ACCESS or layer in colourings(study):
        view = replace(view, colouring=layer)
    elif layer:
        unknown.append(f"la couche « {layer} »")
    day = next((day for day in days(study.atlas) if day.date == date), None)
    if day is not None:
        view = replace(view, step=day.label)
    elif date:
        unknown.append(f"la date « {date} »")
    if plan == BASELINE or plan in other_publications():
        view = replace(view, baseline=True, publication=None if plan == BASELINE else plan)
    elif plan:
        unknown.append(f"le plan « {plan} »")
    elif back and address.SCENARIO not in asked:  # no change was made yet at that time
        view = replace(view, baseline=True)
    full = asked.get(address.SCREEN) == address.FULL
    state.update(MapView, full=full, **{name: getattr(view, name) for name in _FIELDS})
    return unknown


_FIELDS = ("colouring", "step", "baseline", "publication")


def _look_at(study: Study, asked: dict[str, str], *, back: bool) -> list[str]:
    """Select the sector, zone or lycée of an address; return the unknown names."""
    named = next(((word, asked[word]) for word in _PLACES if word in asked), None)
    if named is None:
        if back and state.of(Selection).places != (None, None, None):
            state.look_at(None)
        return []
    word, place = named
    if not _has(study.plan, word, place):
        return [f"{worded(_PLACE_NAMES[word])} « {place} »"]
    go_to(study, f"{_PLACES[word]}:{place}")
    return []


def _has(plan: Plan, word: str, place: str) -> bool:
    if word == "lycee":
        return place in plan.zone_by_lycee
    return plan.has_zone(place) if word == "zone" else plan.has_sector(place)
