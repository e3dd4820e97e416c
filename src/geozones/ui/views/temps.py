"""The page « Temps de trajet »: who is how far from whom, and who says so."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from geozones.domain import EngineError, InputError, Plan
from geozones.domain.french import minutes, number
from geozones.render import Scene
from geozones.ui import desk, state
from geozones.ui.components import engines, html, legend, travel_tables
from geozones.ui.components.chooser import chooser
from geozones.ui.components.layers import layer_menu, tiles, tiles_failed
from geozones.ui.components.moves import notice_box
from geozones.ui.components.peak import peak_slider
from geozones.ui.components.territory_map import territory_map
from geozones.workspace import (
    Access,
    Pair,
    SceneOptions,
    Workspace,
    access,
    access_scene,
    build_scene,
    centre_reach,
    find_place,
    isochrone_scene,
    pair_scene,
    worst_pairs,
)

_PARTS = {
    "zones": "Zones",
    "acces": "Accessibilité",
    "centres": "Centres support",
    "moteurs": "Moteurs et sources",
}
_REGION = "Toute la région"
_PART, _ADDRESS = "temps.partie", "temps.adresse"
_RINGS = (15.0, 30.0, 45.0, 60.0)
_PAIRS = 8


def temps(workspace: Workspace) -> None:
    """Draw the page."""
    plan = desk.current(workspace).plan
    title, peak = st.columns([2.2, 1], gap="medium", vertical_alignment="center")
    changed = (
        " <small>avec les déplacements de votre scénario</small>" if plan != workspace.plan else ""
    )
    title.html(f'<h1 class="gz-title">Temps de trajet{changed}</h1>')
    with peak:
        peak_slider()
    shown = state.travel_view()
    state.put(_PART, shown.part)
    st.segmented_control(
        "Partie",
        list(_PARTS),
        format_func=_PARTS.__getitem__,
        key=_PART,
        required=True,
        label_visibility="collapsed",
        on_change=lambda: state.set_travel_view(part=state.widget(_PART) or "zones", pair=None),
    )
    notice_box()
    {"zones": _zones, "acces": _access, "centres": _centres, "moteurs": _engines}[shown.part](
        workspace, plan
    )
    legend.sources(workspace)
    state.publish(desk.current(workspace))


# -- zones ---------------------------------------------------------------------------------------


def _zones(workspace: Workspace, plan: Plan) -> None:
    shown = state.travel_view()
    note = workspace.peak_note
    table_side, map_side = st.columns([1.25, 1], gap="medium")
    with table_side:
        zones = _choose_zone(plan)
        if shown.zone is not None:
            st.html(travel_tables.heat_map(workspace, plan, shown.zone, note))
            st.html(travel_tables.class_legend())
        where = [shown.zone] if shown.zone else zones
        _worst(workspace, worst_pairs(workspace, plan, where, _PAIRS), note)
        if shown.zone is None:
            st.html(travel_tables.zone_bars(workspace, plan, zones, note))
    with map_side:
        options = _options(zone=shown.zone, sector=shown.sector)
        scene = _pair_scene(workspace, plan, shown.pair, options) if shown.pair else None
        _map(workspace, scene or build_scene(workspace, plan, options))


def _choose_zone(plan: Plan) -> list[str]:
    """Let the user choose a sector and a zone; return the zones in view."""
    shown = state.travel_view()
    sector_side, zone_side = st.columns(2)
    sectors = {"": _REGION} | {sector.id: sector.name for sector in plan.sectors}
    with sector_side:
        chooser(
            "Secteur",
            sectors,
            shown.sector or "",
            lambda sector: state.set_travel_view(
                sector=sector or None, zone=None, pair=None, look=shown.look + 1
            ),
            key="temps.secteur",
        )
    zones = plan.zones if shown.sector is None else plan.zones_of(shown.sector)
    names = {"": "Toutes les zones"} | {z.id: z.name for z in zones if plan.members(z.id)}
    with zone_side:
        chooser(
            "Zone",
            names,
            shown.zone or "",
            lambda zone: state.set_travel_view(zone=zone or None, pair=None),
            key="temps.zone",
        )
    return [zone.id for zone in zones]


def _worst(workspace: Workspace, pairs: tuple[Pair, ...], note: str) -> None:
    """List the longest drives; each is a button that shows it on the map."""
    shown = state.travel_view()
    st.html(f'<h2 class="gz-subtitle">Trajets les plus longs entre collègues{note}</h2>')
    if not pairs:
        st.html("<p class=\"gz-hint\">Aucune paire : la zone n'a qu'un lycée.</p>")
    with st.container(key="gz-pairs", gap=None):
        for rank, pair in enumerate(pairs):
            names = " – ".join(workspace.name(lycee) for lycee in pair.lycees)
            guess = ", estimé" if pair.estimated else ""
            st.button(
                f"**{minutes(pair.minutes)}**{guess} · {names}",
                key=f"temps.paire.{rank}",
                type="tertiary",
                icon=":material/route:" if shown.pair == pair.lycees else None,
                help=f"Source : {pair.source}. Montrer sur la carte.",
                on_click=_show_pair,
                args=(pair.lycees,),
            )


def _show_pair(pair: tuple[str, str]) -> None:
    state.set_travel_view(pair=pair, look=state.travel_view().look + 1)


def _pair_scene(
    workspace: Workspace, plan: Plan, pair: tuple[str, str], options: SceneOptions
) -> Scene:
    """Return the map of a drive, by the road where a configured engine draws it."""
    chain = workspace.travel.chain(workspace)
    route = None
    if chain.draws:
        a, b = (workspace.positions[lycee] for lycee in pair)
        try:
            route, engine = chain.route(a, b)
        except EngineError as error:
            st.html(html.note(f"La route n'a pas pu être tracée. {error}"))
        else:
            duration = minutes(route.minutes * workspace.times.factor) + workspace.peak_note
            said = f"Route tracée par {engine} : {duration}, {number(route.km)} km."
            st.html(html.note(said))
    else:
        st.html(html.note("Trait droit : aucun moteur configuré ne trace la route."))
    return pair_scene(workspace, plan, pair, options, route)


# -- accessibility -------------------------------------------------------------------------------


def _access(workspace: Workspace, plan: Plan) -> None:
    table_side, map_side = st.columns([1, 1.35], gap="medium")
    with table_side:
        _choose_place(workspace, plan)
        shown = state.travel_view()
        if shown.place is None:
            st.html(
                '<p class="gz-hint">Choisissez un lycée ou une commune, ou tapez une adresse : '
                "les communes se colorent selon la durée du trajet.</p>"
            )
            found = None
        else:
            found = _found(workspace, shown.place)
        if found is not None:
            if shown.understood:
                st.html(html.note(shown.understood))
            st.html(travel_tables.class_table(found, workspace.peak_note))
            st.html(html.note(_makers(found)))
            rings = _rings(workspace, found)
    with map_side:
        options = _options()
        if found is None:
            scene = build_scene(workspace, plan, options)
        elif rings is not None:
            scene = isochrone_scene(workspace, plan, found, rings, options)
        else:
            scene = access_scene(workspace, plan, found, options)
        _map(workspace, scene)
        if found is not None:
            st.html(travel_tables.class_legend())


def _choose_place(workspace: Workspace, plan: Plan) -> None:
    shown = state.travel_view()
    centres = [s.support_centre for s in plan.sectors if s.support_centre is not None]
    ranked = sorted(workspace.lycees, key=lambda key: (key not in centres, workspace.name(key)))
    labels = {
        key: f"★ {workspace.name(key)}, centre support" if key in centres else workspace.name(key)
        for key in ranked
    }
    labels |= {entry.place: f"Commune : {entry.name}" for entry in workspace.communes}
    chooser(
        "Depuis un lycée, un centre support ou une commune",
        labels,
        shown.place,
        _from,
        key="temps.depuis",
        placeholder="Nom ou commune",
    )
    st.text_input(
        "Ou une adresse, ou une position « latitude, longitude »",
        key=_ADDRESS,
        placeholder="12 rue de la Paix, 49000 Angers",
        on_change=_from_address,
        args=(workspace,),
    )


def _from(place: str | None) -> None:
    state.clear_notice()
    state.set_travel_view(place=place, understood="", isochrones=False)


def _from_address(workspace: Workspace) -> None:
    text = str(state.widget(_ADDRESS) or "")
    if not text.strip():
        return
    try:
        found = find_place(workspace, text)
    except InputError as error:
        state.notify("error", str(error))
        return
    _from(found.place)
    state.set_travel_view(understood=found.understood)


def _found(workspace: Workspace, place: str) -> Access | None:
    try:
        return access(workspace, place)
    except (EngineError, InputError) as error:
        st.html(f'<p class="gz-notice gz-error" role="alert">{html.text(str(error))}</p>')
        return None


def _makers(found: Access) -> str:
    parts = [
        f"{number(count)} par {maker.engine}" + (" (estimés)" if maker.is_estimate else "")
        for maker, count in found.makers
        if count
    ]
    return f"Trajets vers {number(len(found.communes))} communes : {', '.join(parts)}."


def _rings(workspace: Workspace, found: Access) -> Any:  # noqa: ANN401 - isochrones, or None
    """Return the isochrones of an engine that has them, if the user wants them."""
    chain = workspace.travel.chain(workspace)
    if not chain.draws:
        return None
    shown = state.travel_view()
    st.toggle(
        "Isochrones du moteur de routes, au lieu des communes",
        value=shown.isochrones,
        key="temps.isochrones",
        on_change=lambda: state.set_travel_view(isochrones=state.widget("temps.isochrones")),
    )
    if not shown.isochrones:
        return None
    factor = workspace.times.factor
    try:
        rings, engine = chain.isochrones(found.point, tuple(ring / factor for ring in _RINGS))
    except EngineError as error:
        st.html(html.note(f"Les isochrones n'ont pas pu être tracées. {error}"))
        return None
    st.html(html.note(f"Isochrones par {engine}{workspace.peak_note}."))
    return [type(ring)(wanted, ring.rings) for wanted, ring in zip(_RINGS, rings, strict=True)]


# -- support centres -----------------------------------------------------------------------------


def _centres(workspace: Workspace, plan: Plan) -> None:
    note = workspace.peak_note
    shown = state.travel_view()
    ranked = {s.id: centre_reach(workspace, plan, s.id) for s in plan.sectors}
    table_side, map_side = st.columns([1.5, 1], gap="medium")
    with table_side:
        st.html(travel_tables.centre_table(workspace, plan, ranked, note))
        names = {s.id: s.name for s in plan.sectors if ranked[s.id]}
        sector = shown.sector if shown.sector in names else next(iter(names), None)
        if sector is None:
            return
        chooser(
            "Secteur à détailler",
            names,
            sector,
            lambda chosen: state.set_travel_view(sector=chosen, zone=None, look=shown.look + 1),
            key="temps.centre",
        )
        st.html(travel_tables.centre_ranking(workspace, plan, sector, ranked[sector], note))
    with map_side:
        best = ranked[sector][0]
        centre = plan.sector(sector).support_centre or best.centre
        options = _options(sector=sector, lycee=centre)
        _map(workspace, build_scene(workspace, plan, options))


# -- engines -------------------------------------------------------------------------------------


def _engines(workspace: Workspace, _: Plan) -> None:
    engines.provenance(workspace)
    table_side, build_side = st.columns([1.3, 1], gap="large")
    with table_side:
        engines.configured(workspace)
    with build_side:
        engines.rebuilding(workspace)


# -- the map -------------------------------------------------------------------------------------


def _options(**chosen: Any) -> SceneOptions:  # noqa: ANN401 - the fields of SceneOptions
    look = 1000 + state.travel_view().look
    return SceneOptions(layers=state.layers(), tiles=tiles(), look=look, **chosen)


def _map(workspace: Workspace, scene: Scene) -> None:
    territory_map(workspace, scene, "temps", _on_event, communes=True)
    layer_menu()


def _on_event(workspace: Workspace, event: Mapping[str, Any]) -> None:
    plan = desk.current(workspace).plan
    kind, name = event["event"], event.get("id")
    shown = state.travel_view()
    if kind == "tiles-failed":
        tiles_failed()
    elif kind == "zone" and shown.part == "zones" and name in {zone.id for zone in plan.zones}:
        state.set_travel_view(zone=name, sector=plan.zone(str(name)).sector, pair=None)
    elif kind == "lycee" and name in plan.zone_by_lycee:
        if shown.part == "acces":
            _from(str(name))
        elif shown.part == "zones":
            zone = plan.zone_of(str(name))
            state.set_travel_view(zone=zone.id, sector=zone.sector, pair=None)
