"""The page « Atelier »: pick a lycée, see where it could go, move it, undo."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from geozones.domain import GeozonesError, InputError
from geozones.domain.french import plural
from geozones.ui import desk, state
from geozones.ui.components import figures, legend, panel, tables
from geozones.ui.components.chooser import chooser
from geozones.ui.components.history import history
from geozones.ui.components.layers import layer_menu, tiles, tiles_failed
from geozones.ui.components.moves import WHY, choice, notice_box
from geozones.ui.components.place_editor import on_place, place_editor, placing_note
from geozones.ui.components.scenario_bar import headline, scenario_menu, trouble
from geozones.ui.components.team_figures import team_figures
from geozones.ui.components.territory_map import territory_map
from geozones.ui.components.zone_tools import locks_menu, zones_menu
from geozones.workspace import SceneOptions, Work, Workspace, build_scene

_THRESHOLD = "atelier.seuil"


def atelier(workspace: Workspace) -> None:
    """Draw the page. The map comes before the panel, which the browser takes long to build."""
    work = desk.current(workspace)
    plan = work.plan
    chosen = state.selection()
    st.html(headline(work))
    _toolbar(workspace, work)
    with st.container():  # always there: what comes and goes before the map would mount it anew
        trouble(workspace, work)
        placing_note()
    figures.key_figures(workspace, plan, chosen, reference=work.base)
    team_figures(workspace, plan, None, None, base=work.base)
    map_side, panel_side = st.columns([1.75, 1], gap="medium")
    with map_side:
        options = SceneOptions(
            sector=chosen.sector,
            zone=chosen.target,
            lycee=chosen.lycee,
            picked=frozenset(state.picked()),
            editable=True,
            placing=state.placing(),
            layers=state.layers(),
            tiles=tiles(),
            look=chosen.look,
            colours=work.state.colours,
        )
        territory_map(workspace, build_scene(workspace, plan, options), "atelier", on_event)
        legend.legend(workspace, trial=True)
    with panel_side, st.container(key="gz-panel"):
        notice_box()
        if chosen.lycee is None:
            st.html(
                '<p class="gz-hint">Choisissez un lycée : dans la liste, ou d\'un clic sur la '
                "carte. Vous pouvez aussi le faire glisser directement vers une autre zone. "
                "Ctrl + clic en choisit plusieurs.</p>"
            )
        else:
            st.html(panel.lycee_card(workspace, plan, chosen.lycee, work.state.pivots))
            with st.container():
                choice(workspace, work, chosen, make_move)
            place_editor(workspace, work, chosen.lycee)
        history(workspace, work)
    tables.tables(workspace, plan, None)
    legend.sources(workspace)
    # last: a new address has the whole page drawn again
    state.publish(work)


def _toolbar(workspace: Workspace, work: Work) -> None:
    chosen = state.selection()
    search, tools = st.columns([0.8, 2], gap="medium", vertical_alignment="bottom")
    ranked = sorted(workspace.lycees.values(), key=lambda lycee: (lycee.name, lycee.id))
    labels = {
        lycee.id: f"{lycee.name} · {lycee.commune} · "
        f"{'sans UAI' if lycee.id.startswith('X') else lycee.id}"
        for lycee in ranked
    }
    with search:
        chooser(
            "Lycée à déplacer",
            labels,
            chosen.lycee,
            lambda lycee: state.select(lycee=lycee, target=None),
            key="atelier.lycee",
            placeholder="Nom, commune ou UAI",
        )
    with tools, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        st.button(
            "Annuler",
            icon=":material/undo:",
            disabled=not work.timeline.can_undo,
            on_click=_step,
            args=(workspace, "undo"),
            shortcut="Ctrl+Z",
            key="atelier.annuler",
        )
        st.button(
            "Rétablir",
            icon=":material/redo:",
            disabled=not work.timeline.can_redo,
            on_click=_step,
            args=(workspace, "redo"),
            shortcut="Ctrl+Shift+Z",
            key="atelier.retablir",
        )
        scenario_menu(workspace, work)
        zones_menu(workspace, work)
        locks_menu(workspace, work)
        layer_menu()
        _settings(workspace)


def _settings(workspace: Workspace) -> None:
    with st.popover("Règles", icon=":material/rule:"):
        settings, weights = workspace.settings, workspace.settings.weights
        state.put(_THRESHOLD, int(settings.max_minutes))
        st.slider(
            "Trajet le plus long admis dans une zone (min)",
            20,
            90,
            step=5,
            key=_THRESHOLD,
            on_change=lambda: state.set_max_minutes(float(state.widget(_THRESHOLD))),
        )
        st.caption(
            f"Taille d'une zone : {settings.zone_min} à {settings.zone_max} lycées. "
            "Objectif, à minimiser : pour chaque zone, la somme des trajets moyens de chaque "
            f"lycée vers ses collègues, plus {weights.alone + weights.size_one:.0f} pour un lycée "
            f"seul, {weights.size_two:.0f} pour deux, {weights.per_lycee_above:.0f} par lycée "
            f"au-delà de {weights.size_limit}."
        )


def _step(workspace: Workspace, way: str) -> None:
    state.clear_notice()
    desk.step(workspace, way)


def on_event(workspace: Workspace, event: Mapping[str, Any]) -> None:
    """Take a gesture on the map: choose a lycée, aim at a zone, or drop a lycée in one."""
    plan = desk.current(workspace).plan
    kind, name = event["event"], event.get("id")
    if kind == "lycee" and name in plan.zone_by_lycee:
        state.select(lycee=name, target=None)
        state.clear_notice()
    elif kind == "pick" and name in plan.zone_by_lycee:
        _pick(workspace, str(name))
    elif kind == "zone":
        _aim(workspace, str(name))
    elif kind == "drop" and name in plan.zone_by_lycee:
        _drop(workspace, event)
    elif kind == "place":
        on_place(workspace, event)
    elif kind in {"undo", "redo"}:
        _step(workspace, kind)
    elif kind == "tiles-failed":
        tiles_failed()


def _pick(workspace: Workspace, lycee: str) -> None:
    """Add a lycée to those to move together, or take it out."""
    before = state.picked()
    state.pick(
        tuple(key for key in before if key != lycee) if lycee in before else (*before, lycee)
    )
    count = len(state.picked())
    state.notify(
        "ok",
        f"{plural(count, 'lycée choisi', 'lycées choisis')} : menu Zones, « Déplacer plusieurs "
        "lycées »."
        if count
        else f"{workspace.name(lycee)} n'est plus choisi.",
    )


def _aim(workspace: Workspace, zone: str) -> None:
    chosen = state.selection()
    plan = desk.current(workspace).plan
    if chosen.lycee is not None and zone in {entry.id for entry in plan.zones}:
        state.clear_notice()
        here = plan.zone_of(chosen.lycee).id == zone
        state.select(target=None if here else zone)


def _drop(workspace: Workspace, event: Mapping[str, Any]) -> None:
    try:
        lat, lon = float(event["lat"]), float(event["lon"])
        zone = workspace.zone_at(desk.current(workspace).plan, lat, lon)
    except (KeyError, TypeError, ValueError):
        return
    except InputError as error:
        state.select(lycee=event["id"], target=None)
        state.notify("error", str(error))
        return
    make_move(workspace, event["id"], zone)


def make_move(workspace: Workspace, lycee: str, zone: str) -> None:
    """Move a lycée if the rules let it, and say in one sentence what that did."""
    work = desk.current(workspace)
    try:
        effect = workspace.preview(work.plan, lycee, zone, work.state.locks)
    except GeozonesError as error:
        state.notify("error", str(error))
        return
    state.select(lycee=lycee, target=None)
    if effect.origin == effect.target:
        state.notify("ok", effect.sentence)
        return
    if not effect.verdict.allowed:
        state.notify("error", "Déplacement refusé. " + " ".join(effect.verdict.reasons))
        return
    why = str(state.widget(WHY) or "")
    if desk.record(workspace, "move", {"moves": {lycee: zone}}, why):
        state.put(WHY, "")
        state.notify("ok", effect.sentence)
