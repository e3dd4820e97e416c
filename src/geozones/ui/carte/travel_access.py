"""Accessibility: drive from one place to every commune."""

from functools import partial

import streamlit as st

from geozones.common.french import number
from geozones.domain import Plan
from geozones.domain.terms import terms, worded
from geozones.ui import state
from geozones.ui.carte import travel_tables
from geozones.ui.state.carte_views import TravelView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.workspace.reachability.accessibility import PlaceAccess
from geozones.workspace.reachability.drawn_roads import DrawnRings, draws_rings
from geozones.workspace.reachability.place_lookup import find_place
from geozones.workspace.study import Study


def ask_from(place: str | None) -> None:
    """Request the drives from a lycée, a commune or a position."""
    state.clear_notice()
    state.update(TravelView, place=place, understood="", isochrones=False)


def follow_choice(plan: Plan) -> None:
    """Start from what was selected on the map: the lycée, or the support centre of the sector."""
    chosen = state.follow_map(TravelView, plan)
    if chosen is None or not any(chosen.places):
        return
    sector, _ = chosen.around(plan)
    centre = None if sector is None else plan.sector(sector).support_centre
    place = chosen.lycee or centre
    state.update(TravelView, centre=None)
    if place is not None:
        state.update(TravelView, place=place, address="", understood="", isochrones=False)


def choose_place(study: Study) -> None:
    """Let the user choose the place from a list, or type an address."""
    plan = study.plan
    centres = [s.support_centre for s in plan.sectors if s.support_centre is not None]
    ranked = sorted(study.territory.lycees, key=lambda key: (key not in centres, study.name(key)))
    labels = {
        key: f"★ {study.name(key)}, {terms().support_centre}" if key in centres else study.name(key)
        for key in ranked
    }
    labels |= {entry.place: f"Commune : {entry.name}" for entry in study.atlas.communes}
    chooser(
        worded("Depuis {a_site}, {a_support_centre} ou une commune"),
        labels,
        state.bound(TravelView, "place", then=ask_from),
        placeholder="Nom ou commune",
    )
    state.bound(TravelView, "address", then=partial(_from_address, study)).draw(
        st.text_input,
        "Ou une adresse, ou une position « latitude, longitude »",
        placeholder="12 rue de la Paix, 49000 Angers",
    )


def access_card(
    study: Study, reach: PlaceAccess | None, rings: DrawnRings | None, why: str
) -> None:
    """Show the communes by class of minutes and the engines; or ``why`` they are not available."""
    html.show(html.subtitle("Accessibilité"))
    if why:
        html.show(html.error(why))
    if reach is None:
        html.show(
            html.note(
                worded(
                    "Choisissez {a_site} ou une commune, tapez une adresse, ou cliquez {a_site} : "
                    "les communes se colorent selon la durée du trajet."
                )
            )
        )
        return
    understood = state.of(TravelView).understood
    if understood:
        html.show(html.note(understood))
    html.show(travel_tables.class_table(reach, study.analysis.peak_note))
    html.show(html.note(_makers(reach)))
    if draws_rings(study):
        state.bound(TravelView, "isochrones").draw(
            st.toggle, "Isochrones du moteur de routes, au lieu des communes"
        )
    if rings is not None:
        html.show(html.note(rings.note))


@state.reporting_errors()
def _from_address(study: Study, text: str) -> None:
    state.update(TravelView, address=text)
    if not text.strip():
        return
    place = find_place(study.territory, text)
    ask_from(place.place)
    state.update(TravelView, understood=place.understood)


def _makers(reach: PlaceAccess) -> str:
    parts = [f"{number(count)} par {maker.label}" for maker, count in reach.makers if count]
    total = sum(count for _, count in reach.makers)
    guessed = (
        "tous estimés"
        if total and reach.estimated == total
        else f"dont {number(reach.estimated)} estimés"
        if reach.estimated
        else "aucun estimé"
    )
    return f"Trajets vers {number(len(reach.communes))} communes : {', '.join(parts)}, {guessed}."
