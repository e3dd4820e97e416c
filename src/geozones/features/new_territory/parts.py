"""Part of the page « Données »: a new territory, from a list of sites or an area of France."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import htpy
import streamlit as st

from geozones.common.errors import GeozonesError, shortened
from geozones.common.french import capital, number, plural
from geozones.domain.identifiers import KnownArea
from geozones.domain.terms import SITES
from geozones.features.new_territory.column_plan import (
    AreaReading,
    known_areas,
    missing_france,
    read_area,
)
from geozones.features.new_territory.placing import (
    PositionDoubt,
    position_doubts,
    positions_of,
)
from geozones.features.new_territory.request import (
    NewTerritory,
    SiteList,
    TerritoryRequest,
    read_sites,
)
from geozones.features.new_territory.use_cases import TerritoryJob, territory_job
from geozones.render.first_picture import points_svg
from geozones.ui import state
from geozones.ui.donnees import may_open, open_territory
from geozones.ui.feature_parts import FeatureParts
from geozones.ui.server import uploads
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import StopButton, begin_job, drop_job, job_card
from geozones.ui.widgets.table_columns import column_fields
from geozones.workspace.drafting import BY_DEPARTEMENT, BY_EPCI
from geozones.workspace.folder.territories import KnownTerritory


@dataclass(frozen=True, slots=True)
class NewTerritoryView:
    """Territory to be made: its list, the user's choices, and the job that makes it.

    ``content`` and ``file`` are the list and the name of its file, ``listed`` what was read of it
    with the user's ``corrections`` of its columns; ``doubts`` are its sites far from all others,
    ``kept`` the lines of those that stay where the list puts them. ``sectors`` says how sectors are
    drafted, ``sector_count`` how many where the user chose a number; ``sizes`` are the fewest and
    most sites of a zone. ``problem`` says why the list could not be read.

    ``area`` is the area of France that the user chose to begin with, and ``known`` what was read of
    its lycées, in place of a list of the user's own.
    """

    area: KnownArea | None = None
    known: AreaReading | None = None
    problem: str = ""
    job: TerritoryJob | None = None
    content: bytes = b""
    file: str = ""
    listed: SiteList | None = None
    corrections: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[PositionDoubt, ...] = ()
    kept: frozenset[int] = frozenset()
    name: str = ""
    sectors: str = BY_DEPARTEMENT
    sector_count: int = 4
    sizes: tuple[int, int] = (3, 5)


_FEWEST = 2


def ask_for_area() -> None:
    """Ask for a région, a département or an EPCI, where the data of France is there."""
    title = "Partir d'une région, d'un département ou d'une intercommunalité"
    html.show(html.subtitle(title, heading=htpy.h3))
    missing = missing_france()
    if missing:
        html.show(html.note(missing))
        return
    html.show(html.note("Sans liste : les lycées connus, à la mairie de leur commune."))
    areas = [area for area in known_areas() if area.lycees >= _FEWEST]
    chosen = state.bound(NewTerritoryView, "area").draw(
        st.selectbox,
        "Région, département ou intercommunalité",
        areas,
        format_func=_label,
        placeholder="Bretagne, 35, Rennes Métropole…",
    )
    st.button(
        "Voir ses lycées",
        icon=":material/travel_explore:",
        key="territoire.partir",
        on_click=_read_area,
        disabled=chosen is None,
    )
    view = state.of(NewTerritoryView)
    if view.problem and view.area is not None:
        html.show(html.error(view.problem))


def _label(area: KnownArea) -> str:
    return f"{area.label} · {plural(area.lycees, 'lycée')}"


def _read_area() -> None:
    """Read the lycées of the chosen area; nothing changes if that fails."""
    area = state.of(NewTerritoryView).area
    if area is None:
        return
    try:
        known = uploads.read_in_process(read_area, area)
    except GeozonesError as error:  # shown in place, beside the choice
        state.update(NewTerritoryView, problem=str(error))
        return
    state.forget(NewTerritoryView)
    state.update(
        NewTerritoryView, area=area, known=known, listed=known.listed, name=known.asked.name
    )


def show_points(points: Sequence[tuple[float, float]], label: str) -> None:
    """Show points (latitude, longitude) as a picture with its label."""
    figure = htpy.figure(".gz-points")
    html.show(figure[html.picture(points_svg(points), label), htpy.figcaption[label]])


_FILE = "territoire.fichier"
_MOST_MB = 30
_MOST_SIZE = 12
_FEW_ROWS = 200
#: Confidence under which a column is to be checked.
_SURE = 0.8
_OWN, _ONE, _SEVERAL = "ceux de la liste", "un seul", "un nombre"
_SECTORS = {
    _OWN: "Ceux de la liste",
    BY_DEPARTEMENT: "Un par département",
    BY_EPCI: "Un par intercommunalité",
    _ONE: "Un seul",
    _SEVERAL: "Un nombre choisi",
}


def new_territory() -> None:
    """Draw the steps: the list or the area, what was understood and choices, then the making."""
    html.show(html.subtitle("Nouveau territoire"))
    view = state.of(NewTerritoryView)
    if view.job is not None:
        stop = StopButton("Arrêter", "territoire.arreter", partial(drop_job, NewTerritoryView))
        if job_card(view.job, f"Création de « {view.name} »", _made, stop, _progress):
            return
        if view.job.outcome is not None:
            return
    if view.listed is not None:
        _ask_for_choices(view.listed)
        return
    own, known = st.columns(2, gap="large")
    with own:
        _ask_for_list()
    with known:
        ask_for_area()


def _ask_for_list() -> None:
    html.show(html.subtitle("Partir d'une liste", heading=htpy.h3))
    html.show(
        html.note(
            "Une liste de sites suffit : un nom par ligne, et des coordonnées, une adresse ou une "
            "commune. Colonnes facultatives : code, zone, secteur, taille, type. "
            "Rien n'est écrit avant « Créer »."
        )
    )
    uploads.uploader(
        _FILE, f"Liste des sites ({_MOST_MB} Mo au plus)", _MOST_MB, type=uploads.LIST_TYPES
    )
    st.button(
        "Lire la liste",
        icon=":material/upload_file:",
        key="territoire.lire",
        type="primary",
        on_click=_read_upload,
        disabled=not uploads.is_there(_FILE),
    )
    view = state.of(NewTerritoryView)
    if view.problem and view.area is None:
        html.show(html.error(view.problem, data_field="fichier"))


def _read_upload() -> None:
    upload = uploads.take(_FILE)
    if upload is not None:
        name = capital(Path(upload.name).stem.replace("_", " "))[:60]
        state.update(
            NewTerritoryView, content=upload.content, file=upload.name, name=name, area=None
        )
        _read({})


def _read(corrections: dict[str, str]) -> None:
    """Read the list again with the columns that the user chose; nothing changes if it fails."""
    content = state.of(NewTerritoryView).content
    try:
        listed = uploads.read_in_process(read_sites, content, corrections)
    except GeozonesError as error:  # shown in place: the top of the page is out of sight
        state.update(NewTerritoryView, problem=str(error))
        return
    doubts = position_doubts(listed.sites, positions_of(listed))
    state.update(
        NewTerritoryView,
        listed=listed,
        corrections=corrections,
        doubts=doubts,
        kept=frozenset(),
        job=None,
        problem="",
    )


def _ask_for_choices(listed: SiteList) -> None:
    if state.of(NewTerritoryView).problem:
        html.show(html.error(state.of(NewTerritoryView).problem))
    known = state.of(NewTerritoryView).known
    points, choices = st.columns([1.2, 1], gap="large")
    with points:
        if known is None:
            _what_was_read(listed)
        else:
            towns = plural(len(set(known.points)), "mairie")
            show_points(known.points, f"{plural(len(known.points), 'lycée')}, à {towns}")
            if known.roads:
                html.show(html.note(known.roads))
    with choices:
        _choices(listed)
    if known is None:
        columns = listed.columns
        unsure = {guess.field for guess in columns.guesses if guess.confidence < _SURE}
        told = plural(len(columns.guesses), "colonne reconnue", "colonnes reconnues")
        with st.expander(f"{told}{', à vérifier' if unsure else ''}"):
            column_fields("territoire.colonne", columns, _correct, unsure)


def _what_was_read(listed: SiteList) -> None:
    """Show the points, how the other sites are placed, and the rows left out."""
    points = [
        (site.lat, site.lon)
        for site in listed.sites
        if site.lat is not None and site.lon is not None
    ]
    if points:
        show_points(points, f"{plural(len(points), 'point')} de la liste")
    others = len(listed.sites) - len(points)
    if others:
        told = SITES.site.counted(others)
        html.show(html.note(f"{told} à placer par l'adresse, la commune ou le code."))
    if listed.remarks:
        html.show(html.bullets(listed.remarks, "gz-steps"))
    _ask_about_positions()
    _left_out(listed)


def _ask_about_positions() -> None:
    """Ask about the sites that are far from all others: where they may be, or as written."""
    doubts = state.of(NewTerritoryView).doubts
    if not doubts:
        return
    html.show(html.subtitle("Positions à confirmer", heading=htpy.h3))
    for doubt in doubts:
        html.show(html.note(doubt.sentence))
        if doubt.spot is not None:
            asked = state.BoundValue(
                f"territoire.position.{doubt.line}",
                doubt.line not in state.of(NewTerritoryView).kept,
                partial(_correct_position, doubt.line),
            )
            asked.draw(st.checkbox, f"Corriger la position de la ligne {doubt.line}")


def _correct_position(line: int, corrected: bool) -> None:  # noqa: FBT001 - value of a checkbox
    kept = state.of(NewTerritoryView).kept
    state.update(NewTerritoryView, kept=kept - {line} if corrected else kept | {line})


def _left_out(listed: SiteList) -> None:
    """List the rows that are no site."""
    if not listed.left_out:
        return
    rows = [
        (number(row.line), row.reason, shortened(" · ".join(filter(None, row.cells)), 120))
        for row in listed.left_out[:_FEW_ROWS]
    ]
    left = plural(len(listed.left_out), "ligne écartée", "lignes écartées")
    with st.expander(f"{left} ; le reste est gardé"):
        heads = ("Ligne", "Raison", "Contenu")
        html.show(html.table(left, heads, rows, numeric=frozenset({0})))


def _choices(listed: SiteList) -> None:
    """Ask how sectors are made, and the sizes of zones."""
    view = state.of(NewTerritoryView)
    state.bound(NewTerritoryView, "name").draw(
        st.text_input, "Nom du territoire (obligatoire)", max_chars=80
    )
    kinds = [kind for kind in _SECTORS if kind != _OWN or listed.columns.has("sector")]
    chosen = state.bound(NewTerritoryView, "sectors").draw(
        st.selectbox, "Secteurs", kinds, format_func=_SECTORS.__getitem__
    )
    if chosen == _SEVERAL:
        state.bound(NewTerritoryView, "sector_count").draw(
            st.number_input, "Nombre de secteurs", min_value=1, max_value=100, step=1
        )
    if not listed.columns.has("zone"):
        label = f"{capital(SITES.site.plural)} par zone"
        state.bound(NewTerritoryView, "sizes").draw(
            st.slider, label, min_value=1, max_value=_MOST_SIZE
        )
    html.show(
        html.note(
            "Les durées seront estimées (de 35 % de moins à 55 % de plus), et marquées partout. "
            "Pour des durées calculées sur les routes, demandez à l'administrateur de l'outil."
        )
    )
    if view.known is not None:
        html.show(html.warning(" ".join(view.known.warnings)))
    with st.container(horizontal=True):
        st.button(
            "Créer",
            icon=":material/add_location_alt:",
            key="territoire.creer",
            type="primary",
            on_click=_create,
            disabled=not view.name.strip(),
        )
        again = "Autre liste" if view.known is None else "Revenir"
        st.button(again, key="territoire.autre", on_click=_forget)


def _correct(field: str, rank: str) -> None:
    _read({**state.of(NewTerritoryView).corrections, field: rank})


def _create() -> None:
    view = state.of(NewTerritoryView)
    counts = {_OWN: None, _ONE: 1, _SEVERAL: view.sector_count}
    begun = TerritoryRequest(view.name, view.content, view.file)
    asked = replace(
        begun if view.known is None else view.known.asked,
        name=view.name.strip(),
        corrections=view.corrections,
        positions={
            doubt.line: doubt.spot
            for doubt in view.doubts
            if doubt.spot is not None and doubt.line not in view.kept
        },
        sizes=view.sizes if view.listed is None or not view.listed.columns.has("zone") else None,
        sectors=counts.get(view.sectors, view.sectors),
    )
    begin_job(NewTerritoryView, lambda: territory_job(asked))


def _progress() -> None:
    job = state.of(NewTerritoryView).job
    if job is not None:
        st.progress(job.progress.share, f"{job.progress.what}… {number(job.seconds)} s")


def _made(found: NewTerritory) -> None:
    name = state.of(NewTerritoryView).name
    counts = (
        f"{SITES.site.counted(found.sites)}, {plural(found.sectors, 'secteur')}, "
        f"{plural(found.zones, 'zone')} ; durées : {found.minutes_by}"
    )
    html.show(html.notice("ok", f"« {name} » est créé : {counts}.", role="status"))
    if found.remarks:
        html.show(html.subtitle("À savoir", heading=htpy.h3))
        html.show(html.bullets(found.remarks, "gz-steps"))
    if found.doubts:
        html.show(html.bullets([doubt.sentence for doubt in found.doubts], "gz-steps"))
    _left_out(found.listed)
    with st.container(horizontal=True):
        if may_open():
            st.button(
                "Ouvrir ce territoire",
                key="territoire.ouvrir-nouveau",
                type="primary",
                on_click=open_territory,
                args=(KnownTerritory(name, found.folder, is_open=False),),
            )
        else:
            html.show(html.note("Pour l'ouvrir : ", htpy.code[found.command]))
        st.button("Un autre territoire", key="territoire.encore", on_click=_forget)
    with st.expander("Étapes"):
        rows = [(step.step, step.text, number(step.seconds, 1)) for step in found.steps]
        heads = ("Étape", "Résultat", "Secondes")
        html.show(html.table("Étapes de la création", heads, rows, numeric=frozenset({2})))


def _forget() -> None:
    drop_job(NewTerritoryView)
    state.forget(NewTerritoryView)


PARTS = FeatureParts(new_territory=new_territory)
