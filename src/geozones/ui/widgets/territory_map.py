"""The one map of the app: its static files, legend and sources, and the dispatch of gestures on it.

The static files are Leaflet, the map script, and the shapes of a plan.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import htpy
import streamlit as st
from streamlit_folium import st_folium

from geozones.domain import DecisionStatus
from geozones.domain.comments import Stance
from geozones.domain.places import Precision
from geozones.domain.terms import has_organisation, terms, worded
from geozones.render.folium_map import base_map, scene_layer
from geozones.render.library import Library
from geozones.render.scene import AWAITED, SCHEMATIC, FeedbackMark, Scene
from geozones.render.scene_json import (
    UNGROUPED,
    ground_json,
    publish_borders,
    publish_close_ground,
    publish_scene,
    publish_shapes,
)
from geozones.render.signs import pill_css, sample_css, signs_of, swatch_css
from geozones.render.standalone_map import close_script, map_bundle
from geozones.render.typeface import face_css
from geozones.ui import current_scenario, state
from geozones.ui.notices import NOTICES, VERDICT
from geozones.ui.server import serve
from geozones.ui.server.page_head import LETTERS, MEDIA
from geozones.ui.state.session_views import LastMap
from geozones.ui.widgets import html
from geozones.workspace.figures.study import Study, baseline_study
from geozones.workspace.maps import SceneOptions, build_scene
from geozones.workspace.sharing.dossier import credits_of

#: Address of the folder of Streamlit's fonts in the frame of the map.
_MEDIA_URL = "../../static/media"


@dataclass(frozen=True, slots=True)
class Assets:
    """Files served for the plan in force at the start, after the script that draws the map.

    ``setup`` is the ground that the map starts with, as JSON; ``borders`` the file of the shipped
    lycées' borders, ``ground`` the file of the ground of close zooms, if any.
    """

    library: Library
    setup: str
    borders: str | None
    ground: str | None


@st.cache_resource(show_spinner=False)
def assets(_study: Study) -> Assets:
    """Write the files that draw the map, once per running app.

    One file holds the script of the map, its styles and its first content, because the browser
    waits for files one after the other. File names change with their content, so that no browser
    keeps an old one.
    """
    vendor = serve.vendor_folder()
    scene = build_scene(baseline_study(_study.analysis), SceneOptions(editable=True))
    # the file of letters of the page around the map, already read
    faces = [face_css(f"{_MEDIA_URL}/{font.name}", "200 900") for font in MEDIA.glob(LETTERS)]
    bundle = map_bundle("".join(sorted(faces)))
    library = publish_scene(scene, _study.atlas.ground, vendor, bundle)
    ground = publish_close_ground(_study.atlas.close_ground, vendor, close_script())
    borders = publish_borders(_study.atlas.borders, _study.territory.home.corners, vendor)
    return Assets(library, ground_json(_study.atlas.ground, library), borders, ground)


@st.cache_resource(show_spinner=False)
def commune_shapes(_study: Study) -> Library:
    """Publish the shapes of the communes, once per running app; raise ``InputError``."""
    shapes = (entry.geometry for entry in _study.atlas.communes)
    return publish_shapes(shapes, serve.vendor_folder())


#: Height in pixels before the style sheet adapts it to the screen.
_HEIGHT = 600
_KEY = "gz-map"
#: Keys (some hundreds of moves) after which the whole map is sent again.
_MOST_KNOWN = 8192

type Handler = Callable[[Study, Mapping[str, Any]], None]


def main_map(study: Study, scene: Scene, on_event: Handler, head: str | None) -> None:
    """Draw the map of the page « Carte », the same one at each run and on each page.

    ``head`` is the last event of the current scenario, ``None`` where nothing can be undone.
    ``on_event`` gets ``{"event": …}`` once for each gesture on the map. Events: ``zone`` and
    ``lycee`` (a click, with ``id``), ``patch`` (a commune, with ``id``), ``drop`` (a lycée dropped
    at ``lat``, ``lon``), ``site`` (a click that places a lycée, at ``lat``, ``lon``), ``pick`` (a
    lycée added to or removed from the picked ones), ``pick-many`` (``ids`` inside a lasso),
    ``destinations`` (asks for the targets of the lycée ``id``), ``undo`` and ``redo``
    (keys pressed on the map, on the event ``head``; see
    `state.new_gestures` for ``sent_before``), ``go`` (a name clicked in a list, with ``id``),
    ``tiles-failed`` (the optional background did not load), ``unknown`` (a scene named a part that
    the map does not have; handled here).
    """
    state.update(LastMap, scene=scene)
    _same_map(study, scene, on_event, head)


def keep_map(study: Study) -> None:
    """Keep the map in a page that does not show it, so that it is there when the user returns."""
    st.container(key="gz-before-map")  # where Carte has its panel
    scene = state.of(LastMap).scene
    if scene is None:
        st.container(key=_KEY)
    else:
        _same_map(study, scene, _ignore, current_scenario.current().timeline.head)


def _same_map(study: Study, scene: Scene, on_event: Handler, head: str | None) -> None:
    """Draw the one map, without sending again what it received in this session."""
    known = state.of(LastMap).known
    if len(known) > _MOST_KNOWN:
        known = frozenset()
    with st.container(key=_KEY):
        drawn = territory_map(study, scene, _KEY, on_event, head, known=known)
    state.update(LastMap, known=known | drawn)


def territory_map(
    study: Study,
    scene: Scene,
    key: str,
    on_event: Handler,
    head: str | None,
    *,
    known: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """Draw a map; ``on_event`` gets each gesture on it, and ``head`` is as in `main_map`.

    ``known`` are the keys of the parts that the map already has; return those that it draws.
    """

    def changed() -> None:
        for gesture in state.new_gestures(key):
            if gesture["event"] == "unknown":
                state.update(LastMap, known=frozenset())
            else:
                state.after_callbacks(partial(on_event, study, gesture))

    served = assets(study)
    patches = commune_shapes(study) if scene.patches else None
    library = served.library | Library((), known)
    if patches is not None:
        library |= patches
    borders = served.borders if study.territory.is_shipped else None
    near = {"borders": borders, "ground": served.ground}
    sent = replace(scene, answered=state.last_gesture(key), head=head)
    layer, drawn = scene_layer(sent, library, patches, near)
    st_folium(
        base_map(served.setup, served.library.files),
        key=key,
        height=_HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=layer,
        on_change=changed,
        render=False,  # it is rendered whatever this says: true renders it twice
    )
    return drawn


def _ignore(_: Study, __: Mapping[str, Any]) -> None:
    """Ignore gestures: the map is not in view."""


_ITEMS = ((htpy.span(".gz-star")["★"], "{support_centre}"),)
#: Look of a group of sites, as on the map.
_ROUND = "border-radius:1em;padding:0 5px;font-weight:600"
_BORDER = (htpy.span(".gz-dotted"), "limite de département")


#: Drawn as on the map: a pale line inside a grey one.
_MOTORWAY = (
    "background:linear-gradient("
    "#0000 35%,#a9b0b5 35% 44%,#f3f3f0 44% 56%,#a9b0b5 56% 65%,#0000 65%);"
    "border-color:#0000"
)
_PRECISIONS = {
    Precision.ADDRESS: "{site}, à son adresse",
    Precision.STREET: "dans sa rue",
    Precision.COMMUNE: "au centre de sa commune",
    Precision.PROVISIONAL: "position provisoire",
    Precision.MANUAL: "position corrigée à la main",
}


def legend(
    study: Study,
    *,
    faded: bool = False,
    trial: bool = False,
    classes: Sequence[tuple[str, str]] = (),
) -> htpy.Element:
    """Return the legend; ``faded`` adds the sectors not yet deployed, ``trial`` the changed zones.

    ``classes`` are the colours of the zones and their meaning, where they do not show sectors.
    """
    decisions = study.decisions
    zones = [
        (decisions.zone(zone.id), trial and zone.id in decisions.changed_zones)
        for zone in study.plan.zones
        if study.plan.members(zone.id)
    ]
    items = [(html.swatch(swatch_css(colour)), meaning) for colour, meaning in classes]
    items += [
        (html.swatch(sample_css(sign)), meaning)
        for sign, meaning in signs_of(zones)
        if not (classes and sign == DecisionStatus.PUBLISHED)
    ]
    if faded:
        items.append((htpy.span(".gz-swatch.gz-faded"), "pas encore déployé"))
    known = {lycee.precision for lycee in study.territory.lycees.values()}
    items += [
        (htpy.span(class_=f"gz-dot gz-at-{kind.value}"), worded(meaning))
        for kind, meaning in _PRECISIONS.items()
        if kind.value in known
    ]
    if len(study.plan.lycees) > UNGROUPED:
        grouped = f"nombre {terms().site.of_plural} à cet endroit ; un clic en approche"
        items.append(
            (htpy.span(style=f"{pill_css(DecisionStatus.PUBLISHED)};{_ROUND}")["12"], grouped)
        )
    if has_organisation():
        items += [(sign, worded(meaning)) for sign, meaning in _ITEMS]
    items += [_BORDER] if study.atlas.ground.departements else []
    if study.atlas.ground.schematic:
        items.append((html.swatch(_MOTORWAY), SCHEMATIC))
    return html.legend("Légende", items)


_SIGNS = (
    ("waits", "n", "commentaires, dont un à traiter"),
    ("done", "n", "commentaires, tous traités"),
    (Stance.FAVOURABLE.value, "✓", "avis favorable"),
    (Stance.RESERVED.value, "~", "avis réservé"),
    (Stance.OPPOSED.value, "✕", "avis défavorable"),
    (AWAITED, "?", "avis attendu"),
)


def feedback_signs(marks: Iterable[FeedbackMark]) -> htpy.Element | None:
    """Return the legend of the signs in use; ``None`` if there are no comments or opinions."""
    tones: set[str] = set()
    for mark in marks:
        tones.add(mark.stance)
        if mark.count:
            tones.add("waits" if mark.waits else "done")
    signs = [
        (htpy.span(".gz-said-sign", data_said=tone, aria_hidden="true")[sign], text)
        for tone, sign, text in _SIGNS
        if tone in tones
    ]
    return html.legend("Sur la carte", signs) if signs else None


def sources(study: Study) -> htpy.Element:
    """Return the sources: engine and date of the travel times, source document of the plan."""
    return html.sources(" ".join(credits_of(study)))


def footer() -> htpy.Element:
    """Return the footer of a page: links to the legal notices, the sources and the method."""
    names = {
        "accessibilite": f"Accessibilité : {VERDICT}",
        "donnees-personnelles": "Données personnelles",
        "sources": "Sources et méthode",
    }
    links = [
        htpy.a(href=f"donnees?partie={NOTICES}#{anchor}", target="_self")[name]
        for anchor, name in names.items()
    ]
    separated = [[" · " if rank else "", link] for rank, link in enumerate(links)]
    return htpy.footer("#gz-foot")[html.sources(separated)]
