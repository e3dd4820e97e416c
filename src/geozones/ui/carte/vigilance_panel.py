"""List of points to watch, in the panel of the map."""

from itertools import groupby

import htpy
import streamlit as st

from geozones.common.french import minutes, plural
from geozones.domain.terms import terms, worded
from geozones.metrics.watch_list import WatchList, watch_list
from geozones.ui import state
from geozones.ui.state.carte_views import VigilanceView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import filter_by, filter_by_sector
from geozones.ui.widgets.vigilance_list import point_list
from geozones.workspace.study import Study
from geozones.workspace.vigilance import (
    PointKind,
    RuleOrigin,
    VigilancePoint,
    chosen,
    vigilance,
)

_HEADS = {
    PointKind.RULE: "Règles non respectées",
    PointKind.FRAGILE: "Zones fragiles",
    PointKind.PRESENCE: "Présence faible dans {a_site}",
    PointKind.SINGLE: "Points uniques",
}
_DECIDED: dict[bool | None, str] = {
    None: "Décidé ou non",
    True: "Publié ou retenu",
    False: "Proposé ou brouillon",
}
_ORIGINS: dict[str | None, str] = {
    None: "De toute origine",
    RuleOrigin.DOCUMENT.value: "Du document",
    RuleOrigin.TOOL.value: "De l'outil",
    RuleOrigin.YOURS.value: "De vous",
}


def vigilance_panel(study: Study) -> None:
    """Show the points to watch, filtered by sector, status and origin."""
    with st.container(key="gz-vigilance"):
        st.button(
            "Fermer la liste",
            icon=":material/close:",
            key="vigilance.fermer",
            on_click=_close,
            type="tertiary",
        )
        view, points = state.of(VigilanceView), vigilance(study)
        filter_by_sector(study.plan, state.bound(VigilanceView, "sector"))
        with st.container(horizontal=True, gap="small"):
            filter_by("Statut", _DECIDED, state.bound(VigilanceView, "decided"))
            filter_by("Origine", _ORIGINS, state.bound(VigilanceView, "origin"))
        origin = None if view.origin is None else RuleOrigin(view.origin)
        shown = chosen(points, sector=view.sector, decided=view.decided, origin=origin)
        html.show(_list(study, watch_list(shown), of=watch_list(points).count))


def _list(study: Study, watched: WatchList[VigilancePoint], of: int) -> htpy.Element:
    return html.card(
        htpy.h3[watched.text if watched.count == of else f"{watched.text} (sur {of})"],
        [
            (htpy.h4[f"{head} ({len(group)})"], point_list(group))
            for head, group in _groups(watched)
        ],
        html.note(_meaning(study)),
    )


def _groups(watched: WatchList[VigilancePoint]) -> list[tuple[str, list[VigilancePoint]]]:
    """Group the points under the heading of their kind, information last."""
    order = {kind: rank for rank, kind in enumerate(_HEADS)}
    ordered = sorted(watched.counted, key=lambda point: order[point.kind])
    groups = groupby(ordered, lambda point: worded(_HEADS[point.kind]))
    counted = [(head, list(group)) for head, group in groups]
    return [*counted, ("À savoir", list(watched.information))] if watched.information else counted


def _meaning(study: Study) -> str:
    """Return how each kind is found, with the current hypotheses."""
    teams = study.settings.teams
    near = minutes(teams.near_minutes)
    presence = (
        f"Présence faible : plus de {plural(teams.gap_days, 'jour')} de suite sans personne"
        if study.teams.posts
        else f"Présence dans les {terms().site.plural} : non renseignée, aucun poste n'est défini"
    )
    alone = worded("un{e_proximity_technician} seul{e_proximity_technician} {proximity_technician}")
    return (
        f"Zone fragile : relève à plus de {near}, ou demi-journées sans relève lors d'une "
        f"absence. {presence}. Collègue unique : {alone}, ou plusieurs {terms().site.plural} dont "
        f"la relève à moins de {near} ne vient que d'un seul. Ces seuils sont ceux de l'outil, ou "
        "les vôtres si vous changez les hypothèses. À confirmer : le seuil est dans la marge "
        "d'erreur des durées."
    )


def _close() -> None:
    state.update(VigilanceView, opened=False)
