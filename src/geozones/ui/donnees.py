"""Page « Données »: parts of features, travel times, territories of this installation."""

from collections.abc import Mapping
from functools import partial

import htpy
import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from geozones.common.errors import GeozonesError
from geozones.common.french import (
    long_date,
    longer_than,
    minutes,
    number,
    plural,
    ranged_minutes,
    signed,
)
from geozones.domain.terms import terms, worded
from geozones.domain.times import ESTIMATED_MEANS, Provenance, interval_source
from geozones.ui import STATIC, current_scenario, state
from geozones.ui.feature_parts import data_parts, feature_parts
from geozones.ui.notices import NOTICES, legal_notices
from geozones.ui.server import uploads
from geozones.ui.server.auth import actor, login_button
from geozones.ui.server.serve import can_reopen, reopen_on
from geozones.ui.state import address
from geozones.ui.state.page_views import DataView
from geozones.ui.widgets import html
from geozones.ui.widgets.html import choose_part
from geozones.ui.widgets.job_card import download_button
from geozones.ui.widgets.scenario_bar import notice_box
from geozones.ui.widgets.table_columns import corrected_columns, take_table
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.tables import drive_columns
from geozones.workspace.folder.territories import KnownTerritory, known_territories, opening_problem
from geozones.workspace.reachability.accuracy import (
    Accuracy,
    References,
    ReferencesError,
    accuracy_csv,
    accuracy_of,
    read_references,
    shipped_references,
    template_csv,
)
from geozones.workspace.roles import LOCAL

_WORST = 8
#: Fewest drives for a share: with fewer, a percentage would claim too much.
_ENOUGH = 20
_FILE = "temps.mesures"
_TYPES = ["csv", "txt", "xlsx", "ods"]
_FAULTS = 12


def minutes_part(study: Study) -> None:
    """Draw the part: sources and accuracy on one side, the user's own drives on the other."""
    tool_side, own_side = st.columns(2, gap="large")
    with tool_side:
        html.show(html.subtitle("D'où viennent les durées"))
        # who made the minutes in use, when, of what, and how many are estimated
        travel, times = study.territory.drives, study.times
        if travel.notice:
            html.show(html.error(travel.notice))
        sites = terms().site.plural
        if travel.is_built_here:
            told = [f"Les durées entre {sites} ont été recalculées ici."]
        else:
            told = [f"Les durées entre {sites} sont livrées avec les données."]
        counted = zip(times.pairs_by_maker, times.estimated_by_maker, strict=True)
        told += [_made(maker, count, guessed) for (maker, count), guessed in counted if count]
        pairs = len(study.territory.lycees) * (len(study.territory.lycees) - 1)
        missing = pairs - times.beyond_pairs - sum(count for _, count in times.pairs_by_maker)
        if times.beyond_pairs:
            beyond = longer_than(times.within or 0)
            told.append(f"{plural(times.beyond_pairs, 'trajet')} de {beyond}.")
        if missing:
            told.append(f"{plural(missing, 'trajet')} sans accès.")
        html.show(
            html.stack(*map(html.sentence, told), html.remark(f"« Estimé » : {ESTIMATED_MEANS}."))
        )
        html.show(html.subtitle("À quel point elles sont sûres"))
        _shipped(study)
    with own_side:
        _own(study)


def _made(maker: Provenance, count: int, guessed: int) -> str:
    """Return the sentence of the drives that an engine made."""
    of_what = f" ({maker.source})" if maker.source else ""
    share = f", dont {plural(guessed, 'estimé')}" if guessed else ""
    made = f"{maker.label} du {long_date(maker.date)}"
    return f"{plural(count, 'trajet')} : {made}{of_what}{share}."


@html.showing_errors()
def _shipped(study: Study) -> None:
    """Show the accuracy against the reference drives of the data folder.

    Without references, show where the intervals come from.
    """
    references = shipped_references(study.territory)
    if references is not None:
        _comparison(study, references.held_out)
        _largest_errors(study, references)
        return
    given = study.times.low is not None
    reasons = [interval_source(maker, given=given) for maker, count in study.times.pairs_by_maker]
    html.show(
        html.stack(
            html.sentence(f"Fourchette : {' ; '.join(dict.fromkeys(reasons))}."),
            html.note(
                "Aucune durée de référence n'accompagne ces données. Comparez vos propres trajets "
                "mesurés : une vingtaine suffit pour se faire une idée."
            ),
        )
    )


@html.when_open(st.expander, "Les plus grands écarts", key="temps.ecarts")
def _largest_errors(study: Study, references: References) -> None:
    sources = [html.sources(f"{source}.") for source in references.sources]
    held_out = references.held_out
    if held_out is not references:
        sources.append(
            html.sources(
                f"Le calcul a été réglé sur une partie des {len(references.times)} durées : seules "
                f"comptent ici les {len(held_out.times)} autres, gardées pour le contrôle."
            )
        )
    html.show(html.stack(_worst(accuracy_of(study.analysis, held_out)), *sources))
    _download(study, held_out, "fiabilite-des-durees.csv", "temps.detail.livrees")


def _comparison(study: Study, references: References) -> None:
    """Tell the share of references inside the tool's interval, and the mean error."""
    found = accuracy_of(study.analysis, references)
    errors = found.overall
    if errors is None:
        html.show(html.error("L'outil n'a de durée pour aucun de ces trajets."))
    else:
        held = f"{errors.covered} sur {errors.pairs}"
        if errors.pairs >= _ENOUGH:
            held = f"{number(errors.coverage_percent)} % d'entre eux"
        html.show(
            html.sentence(
                f"Sur {plural(errors.pairs, 'trajet')}, la fourchette de l'outil contient, pour "
                f"{held} (80 % visés), la durée {references.given}. L'écart moyen est de "
                f"{number(errors.mae_percent, 1)} %."
            )
        )
    for text in _left_out(found):
        html.show(html.caveat(text))


def _download(study: Study, references: References, file: str, key: str) -> None:
    content = accuracy_csv(accuracy_of(study.analysis, references))
    download_button(
        "Télécharger le détail (CSV)", content, file_name=file, mime="text/csv", key=key
    )


def _worst(found: Accuracy) -> htpy.Element:
    labels = found.references.labels
    rows = [
        (
            f"{labels[entry.reference.origin]} → {labels[entry.reference.destination]}",
            minutes(entry.reference.minutes),
            ranged_minutes(entry.minutes, entry.low, entry.high, estimated=entry.estimated),
            f"{signed(entry.percent, 0)} %",
        )
        for entry in found.checked[:_WORST]
    ]
    heads = ("Trajet", "Durée donnée", "Outil", "Écart")
    title = f"Les plus grands écarts avec la durée {found.references.given}"
    return html.table(title, heads, rows, numeric=frozenset({1, 2, 3}), stacks=True)


def _left_out(found: Accuracy) -> list[str]:
    """Return the lines that were not compared, and the doubts about the file."""
    references = found.references
    sentences = [
        f"Ligne {time.line} : l'outil n'a pas de durée de {references.labels[time.origin]} à "
        f"{references.labels[time.destination]}."
        for time in found.unknown[:_WORST]
    ]
    if len(found.unknown) > _WORST:
        left = plural(len(found.unknown) - _WORST, "autre trajet", "autres trajets")
        sentences.append(f"Et {left} sans durée.")
    if references.unfilled:
        sentences.append(f"{plural(references.unfilled, 'ligne')} sans minutes, à mesurer.")
    return [*sentences, *references.remarks[:_WORST]]


def _own(study: Study) -> None:
    """Compare a file of drives that the user measured."""
    html.show(html.subtitle("Vos trajets mesurés"))
    html.show(
        html.note(
            "Un tableau, un trajet par ligne : ",
            htpy.strong["de"],
            ", ",
            htpy.strong["a"],
            ", ",
            htpy.strong["minutes"],
            worded(
                ". Un lieu est {a_code}, le nom {of_a_site} ou d'une commune, un code INSEE ou une "
                "position « latitude,longitude ». Le fichier n'est pas conservé."
            ),
        )
    )
    shown = state.of(DataView)
    table = _FILE, drive_columns, partial(_read, study)
    uploads.uploader(
        _FILE,
        "Fichier de durées (CSV, XLSX, ODS ; 2 Mo au plus)",
        2,
        type=_TYPES,
        on_change=take_table,
        args=table,
    )
    corrected_columns(*table)
    download_button(
        "Télécharger un modèle à remplir",
        template_csv(study),
        file_name="trajets-a-mesurer.csv",
        mime="text/csv",
        help="Les trajets entre collègues dont l'outil est le moins sûr, la durée à remplir.",
        key="temps.modele",
    )
    if shown.faults:
        _faults(shown)
    elif shown.references is not None:
        _own_comparison(study, shown.references, shown.file)


@html.showing_errors()
def _own_comparison(study: Study, references: References, file: str) -> None:
    html.show(html.subtitle(file, heading=htpy.h3))
    _comparison(study, references)
    html.show(_worst(accuracy_of(study.analysis, references)))
    with st.container(horizontal=True):
        _download(study, references, "mes-trajets-compares.csv", "temps.detail.mesures")
        st.button(
            "Oublier ce fichier",
            icon=":material/close:",
            type="tertiary",
            key="temps.oublier",
            on_click=_show,
            args=(None, ""),
        )


def _read(study: Study, upload: uploads.Upload, corrections: Mapping[str, str]) -> None:
    state.clear_notice()
    references: References | None = None
    faults: tuple[str, ...] = ()
    try:
        references = uploads.read_in_process(
            read_references, study.territory, upload.content, upload.name, corrections
        )
    except ReferencesError as error:
        faults = tuple(map(str, error.faults))
    except GeozonesError as error:
        faults = (str(error),)
    _show(references, upload.name, faults)


def _show(references: References | None, file: str, faults: tuple[str, ...] = ()) -> None:
    state.update(DataView, references=references, file=file, faults=faults)


def _faults(shown: DataView) -> None:
    """List the faults to correct in a file, none of which was compared."""
    what = f"« {shown.file} » n'a pas été comparé : corrigez-le puis redéposez-le."
    html.show(html.error(what, data_field="mesures"))
    left = len(shown.faults) - _FAULTS
    sentences = list(shown.faults[:_FAULTS])
    if left > 0:
        sentences.append(f"Et {plural(left, 'autre ligne', 'autres lignes')}.")
    html.show(html.bullets(sentences, "gz-alerts"))


def may_open() -> bool:
    """Tell whether the user may change the territory of this server."""
    return can_reopen() and actor() == LOCAL


def open_territory(territory: KnownTerritory) -> None:
    """Record the territory to open, or notify the user why it cannot be opened."""
    problem = opening_problem(territory.folder)
    if problem:
        state.notify("error", f"« {territory.name} » ne peut pas être ouvert. {problem}")
    else:
        state.update(DataView, opening=territory)


@st.cache_resource(show_spinner=False)
def _component() -> ComponentRenderer:
    script = (STATIC / "reopen.js").read_text(encoding="utf-8")
    return st.components.v2.component("geozones.reopen", js=script)


def show_opening(territory: KnownTerritory) -> None:
    """Show that a territory is being opened; once that is on screen, the server changes."""
    html.show(html.notice("ok", f"Ouverture de « {territory.name} » : quelques secondes…"))
    home, folder = address.app_address(), str(territory.folder.absolute())
    data = {"ready": f"{home}/-/ready", "folder": folder, "home": f"{home}/"}
    _component()(
        data=data,
        key="territoire.ouverture",
        on_shown_change=lambda: reopen_on(territory.folder),
    )


def territories_part(study: Study) -> None:
    """Draw the territories; while one is being opened, only that."""
    opening = state.of(DataView).opening
    if opening is not None:
        show_opening(opening)
        return
    known = known_territories()
    html.show(html.subtitle("Territoires de cette installation"))
    for rank, each in enumerate(known):
        _territory_row(study, each, rank)
    if not may_open():
        html.show(
            html.note(
                "Ce service garde un seul territoire pour tous. Pour en ouvrir un autre, "
                "demandez à la personne qui a installé l'outil."
            )
        )
    if actor() == LOCAL:  # with a login, only the administrator makes territories, in a terminal
        for parts in feature_parts():
            parts.new_territory()


def _territory_row(study: Study, territory: KnownTerritory, rank: int) -> None:
    """Draw a territory: its name, its folder, and a button that opens it."""
    sites = terms().site.counted(len(study.territory.lycees))
    row = st.container(
        horizontal=True, vertical_alignment="center", width=640, key=f"gz-territoire-{rank}"
    )
    with row:
        html.show(
            htpy.p(".gz-territory")[
                htpy.strong[territory.name],
                f" · ouvert · {sites}" if territory.is_open else "",
                actor() == LOCAL and [htpy.br, htpy.small[str(territory.folder)]],
            ]
        )
        if not territory.is_open and not territory.problem and may_open():
            st.button(
                "Ouvrir",
                key=f"territoire.ouvrir.{rank}",
                on_click=partial(open_territory, territory),
            )
    if territory.problem:
        html.show(html.error(territory.problem))


_PARTS = {"minutes": "Minutes", "territoires": "Territoires"}
_DRAWN = {"minutes": minutes_part, "territoires": territories_part}
#: Parts of former addresses, and the part that replaced each.
_FORMER = dict.fromkeys(("fiabilite", "pointe", "moteurs"), "minutes")


def donnees(study: Study) -> None:
    """Draw the page: lists, travel times, territories; the legal notices have no button."""
    notices = address.asked_part() == NOTICES
    if notices:
        html.show(html.title("Sources, accessibilité, vie privée"))
    else:
        html.show(html.title("Données", worded("listes {of_plural_site}, durées, territoires")))
    notice_box()
    login_button()
    if notices:
        legal_notices(study)
    else:
        names = {part.key: part.label for part in data_parts()} | _PARTS
        drawn = {part.key: part.draw for part in data_parts()} | _DRAWN
        drawn[choose_part(DataView, names, former=_FORMER)](study)
    address.publish(current_scenario.current())
