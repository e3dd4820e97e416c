"""What a planner asks of a proposal: scope and constraints, in plain French."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from geozones.domain import GeozonesError, Plan
from geozones.domain.french import listing, plural
from geozones.ui import desk, state
from geozones.ui.components import html
from geozones.ui.components.chooser import distinct
from geozones.workspace import Search, Work, Workspace, options_of

_KEY = "propositions."
_CAPS = (*range(20, 95, 5), None)
_MOVES = (*range(11), 12, 15, 20, 30, None)
_SECONDS = (10, 30, 60, 120, 300)
_SIZES = (1, 8)
#: How many zones more or fewer than now may be asked for.
_NEAR = 6


def demand_form(workspace: Workspace, work: Work) -> None:
    """Let the user say what may change and what must hold."""
    plan, asked = work.plan, state.demand()
    names = {sector.id: _sector_name(plan, sector.id) for sector in plan.sectors}
    _chosen(
        "Secteurs à revoir (aucun : toute la région)",
        "sectors",
        names,
        "Toute la région",
        zones=None,
    )
    _choice("Déplacements au plus", "moves", _MOVES, {None: "autant qu'il faut"})
    _size()
    _choice(
        "Aucun trajet plus long, dans une zone, que",
        "cap",
        _CAPS,
        {None: "sans plafond"} | {cap: f"{cap} min" for cap in _CAPS if cap},
    )
    state.put(_KEY + "stay", asked.stay)
    st.toggle(
        "Chaque lycée reste dans son secteur",
        key=_KEY + "stay",
        on_change=lambda: state.ask(stay=state.widget(_KEY + "stay")),
    )
    with st.expander("Plus d'options", icon=":material/tune:"):
        _more(workspace, plan)
    locks = len(work.state.locks.reasons)
    if locks:
        st.html(html.note(f"{plural(locks, 'verrou')} du scénario : respectés."))


def options(plan: Plan) -> Mapping[str, Any]:
    """Return what is asked as the fields of the search's options."""
    asked = state.demand()
    return {
        "sectors": frozenset(asked.sectors),
        "change_sector": not asked.stay,
        "size_min": asked.size[0],
        "size_max": asked.size[1],
        "max_minutes": None if asked.cap is None else float(asked.cap),
        "max_moves": asked.moves,
        "zone_count": asked.zones,
        "locked_lycees": frozenset(asked.held_lycees) & set(plan.lycees),
        "locked_zones": frozenset(asked.held_zones) & {zone.id for zone in plan.zones},
        "together": frozenset(asked.together),
        "apart": frozenset(asked.apart),
        "time_limit": float(asked.seconds),
    }


def search_now(workspace: Workspace) -> None:
    """Begin a search on the plan on screen."""
    work = desk.current(workspace)
    state.clear_notice()
    try:
        asked = options_of(**options(work.plan))
        asked.require(work.plan)
    except GeozonesError as error:
        state.notify("error", str(error))
        return
    state.keep_search(Search(workspace, work.plan, asked, work.state.locks))


def redraw(workspace: Workspace, sector: str) -> None:
    """Ask for the best zones of one sector, whatever they are now."""
    state.ask(sectors=(sector,), moves=None, zones=None)
    search_now(workspace)


def _sector_name(plan: Plan, sector: str) -> str:
    entry = plan.sector(sector)
    return f"{entry.name} (brouillon)" if entry.is_draft else entry.name


def _chosen(
    label: str, field: str, names: Mapping[str, str], placeholder: str, **also: object
) -> None:
    """Let the user pick several; what is no longer there is left out.

    ``also`` are fields of the demand that a change sets back.
    """
    key, names = _KEY + field, distinct(names)
    state.put(key, [item for item in getattr(state.demand(), field) if item in names])
    st.multiselect(
        label,
        list(names),
        format_func=names.__getitem__,
        key=key,
        placeholder=placeholder,
        on_change=lambda: state.ask(**{field: tuple(state.widget(key)), **also}),
    )


def _choice(
    label: str, field: str, values: Sequence[int | None], names: Mapping[int | None, str]
) -> None:
    key = _KEY + field
    state.put(key, getattr(state.demand(), field))
    st.select_slider(
        label,
        values,
        format_func=lambda value: names.get(value, str(value)),
        key=key,
        on_change=lambda: state.ask(**{field: state.widget(key)}),
    )


def _size() -> None:
    key = _KEY + "size"
    state.put(key, state.demand().size)
    st.slider(
        "Lycées par zone",
        *_SIZES,
        key=key,
        on_change=lambda: state.ask(size=tuple(state.widget(key))),
    )


def _more(workspace: Workspace, plan: Plan) -> None:
    asked = state.demand()
    scope = asked.sectors or tuple(sector.id for sector in plan.sectors)
    zones = {zone.id: zone.name for sector in scope for zone in plan.zones_of(sector)}
    lycees = {key: workspace.name(key) for zone in zones for key in plan.members(zone)}
    count = sum(1 for zone in zones if plan.members(zone))
    near = [None, *range(max(count - _NEAR, 1), count + _NEAR + 1)]
    names = {None: "libre", count: f"{count}, comme aujourd'hui"}
    state.put(_KEY + "zones", asked.zones if asked.zones in near else None)
    st.selectbox(
        "Nombre de zones",
        near,
        format_func=lambda value: names.get(value, str(value)),
        key=_KEY + "zones",
        on_change=lambda: state.ask(zones=state.widget(_KEY + "zones")),
    )
    _chosen("Zones à ne pas toucher", "held_zones", zones, "Aucune")
    _chosen("Lycées qui restent dans leur zone", "held_lycees", lycees, "Aucun")
    _pairs(workspace, lycees)
    _choice(
        "Temps de recherche",
        "seconds",
        _SECONDS,
        {seconds: f"{seconds} s" for seconds in _SECONDS},
    )


def _pairs(workspace: Workspace, lycees: Mapping[str, str]) -> None:
    """Let the user keep pairs of lycées together, or apart."""
    key = _KEY + "paire"
    kept = [lycee for lycee in state.widget(key) or [] if lycee in lycees]
    state.put(key, kept)
    picked = st.multiselect(
        "Deux lycées à garder ensemble, ou à séparer",
        list(lycees),
        format_func=lycees.__getitem__,
        key=key,
        max_selections=2,
        placeholder="Choisir deux lycées",
    )
    with st.container(horizontal=True):
        for field, label in (("together", "Ensemble"), ("apart", "Séparés")):
            st.button(
                label,
                key=f"{_KEY}{field}",
                disabled=len(picked) != 2,
                on_click=_add_pair,
                args=(field, key),
            )
    for field, said in (("together", "ensemble"), ("apart", "séparés")):
        for rank, pair in enumerate(getattr(state.demand(), field)):
            names = listing([workspace.name(lycee) for lycee in pair])
            st.button(
                f"{names} : {said}",
                icon=":material/close:",
                type="tertiary",
                key=f"{_KEY}{field}.{rank}",
                help="Retirer cette condition",
                on_click=_drop_pair,
                args=(field, pair),
            )


def _add_pair(field: str, key: str) -> None:
    first, second = sorted(state.widget(key))
    pairs = dict.fromkeys((*getattr(state.demand(), field), (first, second)))
    state.ask(**{field: tuple(pairs)})
    state.put(key, [])


def _drop_pair(field: str, pair: tuple[str, str]) -> None:
    state.ask(**{field: tuple(p for p in getattr(state.demand(), field) if p != pair)})
