"""Files of the journal: import, list with the remarks on their rows, deletion."""

import htpy
import streamlit as st

from geozones.common.clock import today
from geozones.common.errors import GeozonesError
from geozones.common.french import capital, long_date, number, plural
from geozones.domain.field_journal import JournalFile
from geozones.domain.terms import terms, worded
from geozones.ui import opened_data, state
from geozones.ui.server import uploads
from geozones.ui.server.auth import actor
from geozones.ui.state.page_views import BilanView
from geozones.ui.widgets import html
from geozones.ui.widgets.option_fields import chooser
from geozones.workspace.experiment.field_journal import KEPT_MONTHS, MAX_BYTES, Journals
from geozones.workspace.roles import Role
from geozones.workspace.study import Study

_FILE = "bilan.fichier"
_MAX_REMARKS = 4


def journals() -> Journals:
    """Return the use cases of the journal for this user."""
    return Journals(opened_data.store, actor(), today())


def has_journal() -> bool:
    """Tell whether a file of a journal is kept; the page says by itself if the store is closed."""
    try:
        return bool(journals().files())
    except GeozonesError:
        return False


def files_panel(study: Study, files: tuple[JournalFile, ...]) -> None:
    """Draw the import and the list of files, and what is kept of them for how long."""
    may = actor().role >= Role.PLANNER
    with st.expander(
        f"Le journal : {plural(len(files), 'fichier')}" if files else "Importer un journal",
        expanded=not files,
        key="bilan.journal",
    ):
        html.show(_what())
        if may:
            _upload(study)
        else:
            html.show(html.remark("Seul un planificateur importe des fichiers."))
        if files:
            html.show(_table(files))
            _altered()
            _remarks(files)
        if files and may:
            _deleting(files)
        html.show(_kept())


def _altered() -> None:
    """Show how many months cannot be read, if any."""
    months = journals().altered_months()
    if months:
        counted = plural(months, "mois du journal est illisible", "mois du journal sont illisibles")
        html.show(
            html.warning(
                f"{counted} : le bilan est calculé sans. Supprimez le fichier, puis importez-le "
                "à nouveau."
            )
        )


def _what() -> htpy.Element:
    return html.note(
        worded(
            "Ce que les équipes ont vraiment fait : un export de GLPI (CSV), ou un classeur "
            "d'interventions (date et {site}), d'absences ({technician}, début et fin), de trajets "
            "(date, départ, arrivée, durée). Les colonnes sont reconnues ; les lignes non "
            "importées sont signalées ; une ligne déjà lue n'est pas comptée deux fois."
        )
    )


def _kept() -> htpy.Element:
    return html.sources(
        f"Données personnelles : les {terms().technician.plural} deviennent "
        f"{capital(terms().proximity_technician.singular)} 1, 2… ; ni leur nom (sauf si "
        "vous cochez la case), ni le motif d'une absence, ni le texte des demandes ne sont "
        f"gardés. Chaque mois est effacé la nuit, {KEPT_MONTHS} mois après sa fin, ou dès que "
        "vous supprimez le fichier ; les sauvegardes faites avant "
        "l'ont encore, aussi longtemps qu'elles sont gardées."
    )


def _upload(study: Study) -> None:
    state.bound(BilanView, "names").draw(st.checkbox, worded("Garder les noms des {technicians}"))
    uploads.uploader(
        _FILE,
        "Fichier du journal",
        MAX_BYTES // 1_000_000,
        type=["csv", "xlsx", "ods", "txt"],
        on_change=_import,
        args=(study,),
    )


@state.reporting_errors(after="Aucun fichier n'a été gardé.")
def _import(study: Study) -> None:
    upload = uploads.take(_FILE)
    if upload is None:
        return
    names = state.of(BilanView).names
    done = journals().add(study, upload.name, upload.content, keep_names=names, in_process=True)
    state.notify("ok", done.sentence)


def _table(files: tuple[JournalFile, ...]) -> htpy.Element:
    rows = [
        (
            f"{file.name}{' (inventé)' if file.invented else ''}",
            number(file.rows),
            f"{long_date(file.first)} – {long_date(file.last)}" if file.first else "—",
            f"{long_date(file.at)}, {file.author}",
        )
        for file in files
    ]
    heads = ("Fichier", "Lignes", "Période", "Importé")
    return html.table("Fichiers du journal", heads, rows, numeric=frozenset({1}))


def _remarks(files: tuple[JournalFile, ...]) -> None:
    """List the remarks on the rows of each file, the last imported first."""
    for file in reversed(files):
        if file.report:
            sentences = [remark if remark.endswith(".") else f"{remark}." for remark in file.report]
            left = len(sentences) - _MAX_REMARKS
            more = [f"et {plural(left, 'autre remarque', 'autres remarques')}."] if left > 0 else []
            html.show(html.subtitle(file.name, heading=htpy.h3))
            html.show(html.bullets([*sentences[:_MAX_REMARKS], *more], "gz-steps"))


def _deleting(files: tuple[JournalFile, ...]) -> None:
    names = {None: "Choisir un fichier…"} | {file.id: file.name for file in files}
    choice, act = st.columns([2, 1], vertical_alignment="bottom")
    with choice:
        chooser("Fichier à supprimer", names, state.bound(BilanView, "file"))
    chosen = state.of(BilanView).file
    act.button(
        "Supprimer ses lignes",
        key="bilan.supprimer",
        icon=":material/delete:",
        disabled=chosen not in names or chosen is None,
        on_click=_drop,
        args=(chosen,),
    )


@state.reporting_errors()
def _drop(file: str) -> None:
    journals().drop(file)
    state.update(BilanView, file=None)
    state.notify("ok", "Les lignes de ce fichier sont supprimées.")
