"""Opening, closing and placing of a lycée; then the sector's best plan."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from geozones.common.french import number
from geozones.domain.events.lycee_events import CloseLycee, OpenLycee, SplitLycee
from geozones.domain.identifiers import id_form
from geozones.domain.places import Precision, Spot, checked_spot
from geozones.domain.terms import terms, worded
from geozones.ui import current_scenario, state
from geozones.ui.carte.proposals import redraw
from geozones.ui.state.carte_views import LocationView, MapView, Mode, OpeningView, Selection
from geozones.ui.widgets import html
from geozones.ui.widgets.html import when_open
from geozones.ui.widgets.option_fields import chooser
from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.openings import (
    AskedLycee,
    closing,
    closing_losses,
    opening,
    site_at,
    site_of,
    splitting,
    spot_of,
    why_not_closed,
    zone_around,
)

_LABEL = "Corriger sa position"
_WHERE = "Adresse, commune, ou latitude et longitude (obligatoire, sauf clic sur la carte)"


def place_editor(study: Study, work: Work, lycee_id: str) -> None:
    """Draw the form that corrects a position; the scenario keeps it over later geocoder answers."""
    lycee = study.territory.lycees[lycee_id]
    box = st.expander(
        _LABEL,
        key="lieu.editeur",
        expanded=state.of(LocationView).clicking,
        on_change="rerun",
    )
    if not box.open:
        return

    with box:
        position = f"{number(lycee.lat, 5)} ; {number(lycee.lon, 5)}"
        html.show(html.note(f"Position {Precision(lycee.precision).about} : {position}"))
        state.bound(LocationView, "text").draw(
            st.text_input,
            _WHERE,
            placeholder="12 rue de la Paix, 49000 Angers",
            max_chars=200,
        )
        state.bound(LocationView, "insist").draw(
            st.checkbox, "Même hors de sa commune, ou si d'autres communes changent de secteur"
        )
        with st.container(horizontal=True):
            # the text is read at the click: the last drawing may not have it yet
            st.button(
                "Placer là",
                icon=":material/check:",
                key="lieu.placer",
                on_click=_place_as_typed,
                args=(study, lycee_id),
            )
            if lycee_id in work.state.places.spot_by_lycee:
                st.button(
                    "Reprendre la position des données",
                    icon=":material/restart_alt:",
                    key="lieu.reprendre",
                    on_click=_restore_place,
                    args=(study, lycee_id),
                )
        state.bound(LocationView, "clicking").draw(st.toggle, "Le placer d'un clic sur la carte")


@state.reporting_errors(field="text")
def _place_as_typed(study: Study, lycee_id: str) -> None:
    spot = spot_of(study, state.of(LocationView).text)
    if _place(study, lycee_id, spot):
        state.update(LocationView, text="")


def _restore_place(study: Study, lycee_id: str) -> None:
    if current_scenario.place(lycee_id, None):
        name = study.name(lycee_id)
        state.notify("ok", f"{name} a de nouveau la position des données.")


def _place(study: Study, lycee_id: str, spot: Spot) -> bool:
    insist = state.of(LocationView).insist
    if not current_scenario.place(lycee_id, spot, insist=insist):
        return False
    state.update(LocationView, insist=False, clicking=False)
    now = current_scenario.study()
    message = f"{study.name(lycee_id)} : position corrigée, gardée dans le scénario."
    state.notify("ok", message + estimated_drives(now, lycee_id))
    return True


def estimated_drives(study: Study, lycee_id: str) -> str:
    """Return a sentence if some drives of a lycée (id) are estimated; "" otherwise."""
    others = (other for other in study.territory.positions if other != lycee_id)
    if any(study.times.made_by(lycee_id, other).is_estimate for other in others):
        return " Ses trajets sont estimés (aucun moteur de trajets ne les calcule)."
    return ""


def open_lycee(study: Study) -> None:
    """Draw the form that opens a lycée; built when it is open."""
    clicking = state.of(OpeningView).clicking
    label = worded("Ouvrir {a_site}")
    box = st.expander(label, key="lycee.ouvrir", expanded=clicking, on_change="rerun")
    if box.open:
        with box:
            _form(study)
            _zone(study)
            st.button(
                worded("Ouvrir {the_site}"), type="primary", key="lycee.faire", on_click=_opened
            )


def split_lycee(study: Study, lycee_id: str) -> None:
    """Draw the form that turns a site of a lycée (id) into a lycée; built when it is open."""
    clicking = state.of(OpeningView).clicking
    label = worded("En détacher {a_site}")
    box = st.expander(label, key="lycee.scinder", expanded=clicking, on_change="rerun")
    if box.open:
        with box:
            zone = study.plan.zone_of(lycee_id).name
            html.show(html.note(f"Le nouveau {terms().site} est dans la même zone, {zone}."))
            _form(study)
            st.button(
                worded("Détacher {the_site}"),
                type="primary",
                key="lycee.faire",
                on_click=_split,
                args=(lycee_id,),
            )


@when_open(st.expander, "Fermer ce {site}", key="lycee.fermer")
def close_lycee(study: Study, lycee_id: str) -> None:
    """Draw the form that closes a lycée (id), or why it may not; built when it is open."""
    why_not = why_not_closed(study, lycee_id)
    html.show(html.note(why_not or closing_losses(study, lycee_id)))
    st.button(
        worded("Fermer {the_site}"),
        type="primary",
        key="lycee.fermer.faire",
        disabled=bool(why_not),
        on_click=_closed,
        args=(lycee_id,),
    )


def best_plan_next(study: Study, work: Work) -> None:
    """Offer to search the best plan of the sector where a lycée just opened or closed."""
    touched = state.of(OpeningView).touched
    if touched is None or touched[0] != work.timeline.head:
        return

    def search() -> None:
        state.update(OpeningView, touched=None)
        state.update(MapView, mode=Mode.PROPOSE)
        redraw(touched[1])

    st.button(
        "Et maintenant, le meilleur plan ?",
        type="primary",
        icon=":material/search:",
        key="lycee.meilleur",
        help=f"Chercher le gain pour les zones du secteur {study.plan.sector(touched[1]).name}",
        on_click=search,
        width="stretch",
    )


def siting_note() -> None:
    """Show above the map that a click places the lycée, while this is so."""
    if state.of(OpeningView).clicking or state.of(LocationView).clicking:
        message = worded("Cliquez sur la carte pour placer {the_site}.")
        html.show(html.notice("warning", message, role="status"))


@state.reporting_errors()
def on_site(study: Study, event: Mapping[str, Any]) -> None:
    """Handle a click on the map that places a lycée, new or chosen: ``{"lat", "lon"}``."""
    spot, lycee_id = checked_spot(event.get("lat"), event.get("lon")), state.of(Selection).lycee
    if state.of(LocationView).clicking and lycee_id is not None:
        _place(study, lycee_id, spot)
        return
    if not state.of(OpeningView).clicking:
        return
    state.clear_notice()
    site = site_at(study, spot)
    state.update(OpeningView, site=site, where="", zone=None)


def _form(study: Study) -> None:
    state.bound(OpeningView, "name").draw(
        st.text_input, worded("Nom {of_the_site} (obligatoire)"), max_chars=120
    )
    kinds = sorted({lycee.kind for lycee in study.territory.lycees.values()})
    with st.container(horizontal=True):
        state.bound(OpeningView, "kind").draw(st.selectbox, "Type", kinds, placeholder="Non dit")
        state.bound(OpeningView, "pupils").draw(
            st.number_input,
            worded("{Sizes}"),
            min_value=1,
            max_value=20000,
            step=1,
            placeholder="—",
        )
    state.bound(OpeningView, "code").draw(
        st.text_input, worded("{Code} : ") + id_form(), max_chars=12, placeholder="0441234A"
    )

    @state.reporting_errors(field="where")
    def find(text: str) -> None:
        state.update(OpeningView, where=text)
        if text.strip():
            state.clear_notice()
            site = site_of(study, text)
            state.update(OpeningView, site=site, zone=None)

    state.bound(OpeningView, "where", then=find).draw(
        st.text_input,
        _WHERE,
        max_chars=200,
        placeholder="12 rue de la Paix, 49000 Angers",
    )
    state.bound(OpeningView, "clicking").draw(st.toggle, "Le placer d'un clic sur la carte")
    site = state.of(OpeningView).site
    if site is not None:
        html.show(html.note(f"Il sera à {site.description}."))


def _zone(study: Study) -> None:
    view = state.of(OpeningView)
    if view.site is None:
        return
    zones = study.plan.zones
    names = {zone.id: f"{zone.name} · {study.plan.sector(zone.sector).name}" for zone in zones}
    around = view.zone if view.zone in names else zone_around(study, view.site)

    def choose(zone_id: str) -> None:
        state.update(OpeningView, zone=zone_id)

    chooser("Zone", names, state.BoundValue("OpeningView.zone", around, choose))


def _asked(study: Study) -> AskedLycee | None:
    """Return the lycée as typed; notify the user and return ``None`` if it has no site."""
    view = state.of(OpeningView)
    with state.reporting_errors(field="where"):
        site = view.site or site_of(study, view.where)
        return AskedLycee(view.name, view.kind or "non publié", site, view.code, view.pupils)
    return None


@state.reporting_errors()
def _opened() -> None:
    study = current_scenario.study()
    asked = _asked(study)
    if asked is None:
        return
    chosen = state.of(OpeningView).zone
    known = study.plan.has_zone(chosen)
    zone_id = chosen if known and chosen is not None else zone_around(study, asked.site)
    data = opening(study, asked, zone_id)
    if current_scenario.record(OpenLycee.kind, data):
        _arrived(f"est ouvert dans la zone {study.plan.zone(zone_id).name}", data)


@state.reporting_errors()
def _split(lycee_id: str) -> None:
    study = current_scenario.study()
    asked = _asked(study)
    if asked is None:
        return
    data = splitting(study, lycee_id, asked)
    if current_scenario.record(SplitLycee.kind, data):
        _arrived(f"est {terms().site.a}, et plus un site de {study.name(lycee_id)}", data)


def _arrived(what: str, data: Mapping[str, Any]) -> None:
    study, lycee_id = current_scenario.study(), data["opened"]["id"]
    state.forget(OpeningView)
    head = current_scenario.current().timeline.head
    state.update(OpeningView, touched=(head, study.plan.sector_of(lycee_id).id))
    state.update(Selection, lycee=lycee_id, zone=None, target=None)
    message = f"{study.name(lycee_id)} {what}.{estimated_drives(study, lycee_id)}"
    state.notify("ok", message)


def _closed(lycee_id: str) -> None:
    before = current_scenario.study()
    why_not = why_not_closed(before, lycee_id)
    if why_not:
        state.notify("error", why_not)
        return
    zone = before.plan.zone_of(lycee_id)
    if not current_scenario.record(CloseLycee.kind, closing(lycee_id)):
        return
    state.update(Selection, lycee=None, zone=zone.id, target=None)
    head = current_scenario.current().timeline.head
    state.update(OpeningView, touched=(head, zone.sector))
    state.notify("ok", f"{before.name(lycee_id)} est fermé. Annuler le rouvre.")
