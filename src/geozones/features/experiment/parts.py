"""Part « Bilan » of the page « Équipes »: figures against the plan, decisions, journal files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import htpy
import streamlit as st

from geozones.common.clock import today
from geozones.common.errors import GeozonesError
from geozones.common.french import capital, long_date, number, plural
from geozones.domain.field_journal import Journal, JournalFile
from geozones.domain.terms import terms, worded
from geozones.export.blocks import ReportPages
from geozones.export.dossier import Dossier
from geozones.export.file_parts import slug
from geozones.export.messages import FEEDBACK_TITLE
from geozones.export.registry import format_of
from geozones.features.experiment.journal_file import MAX_BYTES
from geozones.features.experiment.model import (
    DECISIONS_TITLE,
    INVENTED_NOTICE,
    PART_HEADS,
    PART_NAMES,
    PART_UNITS,
    Bilan,
    HypothesisRow,
    as_supposed,
    bilan_of,
    hypothesis_rows,
    observer,
    part_cells,
)
from geozones.features.experiment.observed import BilanVerdict
from geozones.features.experiment.report import WRITERS, bilan_file, bilan_report
from geozones.features.experiment.use_cases import Journals, journal_columns
from geozones.jobs import FILES, Job, Listener
from geozones.ui import current_scenario, opened_data, state
from geozones.ui.feature_parts import FeatureParts, TeamPart
from geozones.ui.opened_data import ledger
from geozones.ui.server import uploads
from geozones.ui.server.auth import actor
from geozones.ui.state import address
from geozones.ui.state.page_views import TeamView
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import prepared
from geozones.ui.widgets.option_fields import BACK, chooser, retained, retained_lines
from geozones.ui.widgets.table_columns import corrected_columns, take_table
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import Role
from geozones.workspace.sharing.bundle import ExportedFile
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import (
    NO_FEEDBACK,
    ExportView,
    PlanFeedback,
    feedback_readers,
    of_work,
)
from geozones.workspace.teams import Staff
from geozones.workspace.upkeep import KEPT_MONTHS

#: Name of the part in addresses.
_KEY = "bilan"
_FILE = "bilan.fichier"
_MAX_REMARKS = 4


@dataclass(frozen=True, slots=True)
class BilanView:
    """State of the part « Bilan ».

    ``file`` is the journal file (id) chosen to be deleted, ``format`` the format of the document;
    ``names`` keeps the technicians' names with the import.
    """

    file: str | None = None
    names: bool = False
    format: str = "pdf"


def journals() -> Journals:
    """Return the use cases of the journal for this user."""
    return Journals(opened_data.store, actor(), today())


def has_journal() -> bool:
    """Tell whether a file of a journal is kept; the page says by itself if the store is closed."""
    try:
        return bool(journals().files())
    except GeozonesError:
        return False


def invite() -> None:
    """Draw the way to the import of a first journal."""
    st.button(
        "Comparer avec un journal d'expérimentation",
        key="annee.journal",
        icon=":material/upload_file:",
        type="tertiary",
        on_click=html.show_part,
        args=(TeamView, _KEY),
    )


def bilan_part(staff: Staff) -> None:
    """Show the bilan of the area in view, the hypotheses, and the files of the journal."""
    study, kept = staff.study, journals()
    files, journal = kept.files(), kept.read()
    if not journal.rows:
        html.show(
            html.note(
                htpy.strong["Aucune observation pour l'instant. "],
                "Le bilan comparera ce que l'outil a supposé à ce que les équipes ont fait : "
                "visites, interventions, relèves, présence. Importez un journal pour commencer.",
            )
        )
        files_panel(study, files)
        return
    mark = None
    if journal.invented:
        html.show(html.notice("error", INVENTED_NOTICE))
        mark = htpy.fragment[" ", htpy.span(".gz-pill.gz-changed")["journal inventé"]]
    view = state.of(TeamView)
    _figures(bilan_of(study, journal, sector=view.sector, zone=view.zone), mark)
    feedback, sector = _feedback(), state.of(TeamView).sector
    sentences = (feedback if sector is None else feedback.in_sector(study.plan, sector)).sentences
    if sentences:
        html.show(html.stack(html.subtitle(FEEDBACK_TITLE), html.bullets(sentences, "gz-steps")))
    _hypotheses(hypothesis_rows(study, observer(study, journal)), mark)
    _document(study, journal, files)
    files_panel(study, files)


def _figures(bilan: Bilan, mark: htpy.Node) -> None:
    """Show the finding, what is to be decided, the figures, and those of the parts of the area."""
    about = html.remark(f"Bilan : {bilan.area.name}, {bilan.period_text}.")
    html.show(html.stack(html.subtitle(bilan.title, mark), about))
    if bilan.decisions:
        decided = html.bullets(bilan.decisions, "gz-steps")
        html.show(html.stack(html.subtitle(DECISIONS_TITLE, mark), decided))
    html.show(html.subtitle("Attendu et observé", mark))
    worse = BilanVerdict.WORSE
    rows: list[Sequence[htpy.Node]] = [
        (
            line.figure.label,
            line.observed,
            line.interval or "—",
            line.expected or "—",
            htpy.strong[worse] if line.verdict is worse else line.verdict or "—",
            line.counted,
        )
        for line in bilan.lines
    ]
    heads = (
        "Ce qui s'est passé", "Observé", "Intervalle à 95 %", "Attendu", "Jugement", "D'après",
    )  # fmt: skip
    html.show(
        html.table(
            "Attendu et observé", heads, rows, numeric=frozenset({1, 2, 3}), hidden_caption=True,
            stacks=True,
        )
    )  # fmt: skip
    html.show(html.remark(" ".join(bilan.counts)))
    what = worded(PART_NAMES[bilan.area.kind])
    parts: list[Sequence[htpy.Node]] = [
        (html.go(f"{part.kind}:{part.key}", part.title), *part_cells(seen))
        for part, seen in bilan.parts
    ]
    columns = (capital(what), *PART_HEADS)
    with st.expander(f"Par {what}", key="bilan.parties"):
        table = html.table(
            f"Observé, par {what}", columns, parts, numeric=frozenset(range(1, len(columns)))
        )
        html.show(html.stack(table, html.remark(worded(PART_UNITS))))


def _feedback() -> PlanFeedback:
    """Return comments and opinions on the current scenario; none if it is not saved."""
    scenario = current_scenario.current().scenario
    try:
        service = current_scenario.scenarios()
        return feedback_readers().of_scenario(service, None if scenario is None else scenario.id)
    except GeozonesError:  # the store does not answer: the page shows the error where it matters
        return NO_FEEDBACK


def _hypotheses(rows: tuple[HypothesisRow, ...], mark: htpy.Node) -> None:
    """Show the hypotheses of the yearly hours that the journal may replace, and those retained."""
    html.show(
        html.stack(
            html.subtitle("Hypothèses, d'après tout le journal", mark),
            html.note(
                "Retenir une valeur observée change ce scénario, et lui seul\u00a0: les coûts et "
                "les propositions la suivent. C'est une étape de son historique, qui s'annule."
            ),
        )
    )
    held = retained()
    for row in rows:
        text_side, act = st.columns([3, 1.3], vertical_alignment="center")
        observed = f" ; observé : {row.observed}" if row.observed else ""
        why = f" ; {row.why_not.rstrip('.')}" if row.why_not else ""
        told = html.remark(f"Supposé : {row.supposed}{observed}{why}.")
        html.show(html.stack(htpy.strong[row.label], told), text_side)
        retained_lines(row.name)
        if row.name not in held:
            act.button(
                "Retenir comme hypothèse",
                key=f"bilan.retenir.{row.name}",
                icon=":material/check:",
                disabled=row.event is None,
                help=row.why_not or None,
                on_click=_retain,
                args=(row,),
            )
    shown = {row.name for row in rows}
    retained_lines(*(name for name in held if name not in shown))


def _retain(row: HypothesisRow) -> None:
    if row.event is None:
        return
    done = f"{row.label} : {row.observed}, retenu dans ce scénario."
    why = "bilan de l'expérimentation"
    if current_scenario.record("adopt_hypothesis", dict(row.event), why, done=done):
        state.ask_focus(BACK + row.name)


@dataclass(frozen=True, slots=True)
class BilanRequest:
    """Export of a bilan; ``end`` is the extension of its format."""

    dossier: Dossier
    report: ReportPages
    end: str


def make_bilan(_: Listener, asked: BilanRequest) -> ExportedFile:
    """Make the file; raise ``ExportError`` on failure."""
    made = bilan_file(asked.dossier, asked.report, asked.end)
    return ExportedFile(f"{slug(asked.report.title)}.{asked.end}", made)


def _document(study: Study, journal: Journal, files: tuple[JournalFile, ...]) -> None:
    """Offer the bilan as a file, of the sector in view or of the whole."""
    sector = state.of(TeamView).sector
    choice, act = st.columns([1, 1], vertical_alignment="bottom")
    with choice:
        names = {end: format_of(end).named for end in WRITERS}
        chooser("Le bilan en fichier", names, state.bound(BilanView, "format"))
    end = state.of(BilanView).format
    held = retained()

    def job() -> Job[BilanRequest, None, ExportedFile]:
        work, scenarios = current_scenario.current(), current_scenario.scenarios()
        exported = of_work(study.analysis, work, _feedback(), ledger())
        exported = exported.at(address.app_address(), scenarios.links.frozen_version(work))
        view = ExportView("region") if sector is None else ExportView("sector", sector)
        shown = dossier(exported, view)
        report = bilan_report(study, journal, shown, sector, held)
        return Job(FILES, make_bilan, BilanRequest(shown, report, end), None)

    supposed = as_supposed(study)
    shown = (study.plan, study.settings, study.teams, supposed.settings, sector)
    inputs = (str(hash(shown)), *(f"{file.id}{file.first}" for file in files), *held.values())
    key = ("bilan", end, *inputs, repr(_feedback().sentences))
    with act:
        prepared("bilan.preparer", "Préparer le fichier", key, format_of(end).media, job)


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
            html.show(_files_table(files))
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
    table = _FILE, journal_columns, partial(_read, study)
    uploads.uploader(
        _FILE,
        "Fichier du journal",
        MAX_BYTES // 1_000_000,
        type=["csv", "xlsx", "ods", "txt"],
        on_change=take_table,
        args=table,
    )
    corrected_columns(*table)


@state.reporting_errors(after="Aucun fichier n'a été gardé.", field="fichier")
def _read(study: Study, upload: uploads.Upload, corrections: Mapping[str, str]) -> None:
    done = journals().add(
        study,
        upload.name,
        upload.content,
        corrections,
        keep_names=state.of(BilanView).names,
        in_process=True,
    )
    state.notify("ok", done.sentence)


def _files_table(files: tuple[JournalFile, ...]) -> htpy.Element:
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
    with act.popover("Supprimer ses lignes…", disabled=chosen not in names or chosen is None):
        st.button(
            "Supprimer ses lignes, pour toujours",
            key="bilan.supprimer",
            icon=":material/delete:",
            on_click=_drop,
            args=(chosen,),
        )


@state.reporting_errors()
def _drop(file: str) -> None:
    journals().drop(file)
    state.update(BilanView, file=None)
    state.notify("ok", "Les lignes de ce fichier sont supprimées.")


PARTS = FeatureParts(team=TeamPart(_KEY, "Bilan", has_journal, bilan_part, invite))
