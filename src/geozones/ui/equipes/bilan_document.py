"""Bilan as a file, and a new proposal under the observed hypotheses, on request."""

import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.domain.field_journal import Journal
from geozones.domain.journal_files import JournalFile
from geozones.export.bilan import FORMATS
from geozones.ui import current_scenario, state
from geozones.ui.opened_data import ledger
from geozones.ui.state import address
from geozones.ui.state.equipes_views import BilanView, TeamView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.job_card import begin_job, job_card
from geozones.ui.widgets.made_files import prepared
from geozones.workspace.comments.summary import NO_FEEDBACK, Feedback, feedback_of
from geozones.workspace.experiment.areas import as_supposed, observer
from geozones.workspace.experiment.document import content_of
from geozones.workspace.experiment.reproposal import MOVES, Reproposal, reproposal_job
from geozones.workspace.sharing.bilan_making import BilanJob, BilanRequest, bilan_job
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.export_view import ExportView
from geozones.workspace.sharing.exported_plan import of_work
from geozones.workspace.study import Study

#: Seconds to wait for a short search.
_SHORT_S = 0.4


def files_of_bilan(study: Study, journal: Journal, files: tuple[JournalFile, ...]) -> None:
    """Offer a new proposal under the observed hypotheses, and the bilan as a file."""
    sector = state.of(TeamView).sector
    feedback = current_feedback()
    key = (*_key(study, files, sector), repr(feedback.sentences))
    reproposal = _reproposal(study, journal, key, sector)
    names = {end: f"{kind.label} (.{end})" for end, kind in FORMATS.items()}
    choice, act = st.columns([1, 1], vertical_alignment="bottom")
    with choice:
        chooser("Le bilan en fichier", names, state.bound(BilanView, "format"))
    end = state.of(BilanView).format
    with act:
        prepared(
            "bilan.preparer",
            "Préparer le fichier",
            ("bilan", end, str(hash(study.settings)), *key, str(reproposal is not None)),
            FORMATS[end].media,
            lambda: _job(study, journal, end, reproposal, feedback),
        )


def _key(study: Study, files: tuple[JournalFile, ...], sector: str | None) -> tuple[str, ...]:
    """Return the inputs of the bilan as a cache key."""
    study = as_supposed(study)  # adopted hypotheses change neither the bilan nor the proposal
    held = (f"{file.id}{file.first}" for file in files)
    return (str(hash((study.plan, study.settings, study.teams))), str(sector), *held)


def _reproposal(
    study: Study, journal: Journal, key: tuple[str, ...], sector: str | None
) -> Reproposal | None:
    """Offer to search a new proposal; show its progress, or show its result and return it."""
    job = state.of(BilanView).job
    if job is not None and job.asked.key == key:
        running = job_card(
            job,
            "Recherche des déplacements",
            lambda found: html.show(html.bullets(found.sentences(study), "gz-steps")),
        )
        if running or job.outcome is not None:
            return None if running else job.outcome
    st.button(
        "Proposer à nouveau, avec les valeurs observées",
        key="bilan.proposer",
        icon=":material/auto_awesome:",
        help=f"{MOVES} déplacements au plus, avec les hypothèses puis avec les valeurs observées.",
        on_click=_begin,
        args=(study, journal, key, sector),
    )
    return None


def _begin(study: Study, journal: Journal, key: tuple[str, ...], sector: str | None) -> None:
    job = begin_job(BilanView, lambda: reproposal_job(study, observer(study, journal), sector, key))
    if job is not None:
        job.wait(_SHORT_S)


def current_feedback() -> Feedback:
    """Return comments and opinions on the current scenario; none if it is not saved."""
    scenario = current_scenario.current().scenario
    try:
        service = current_scenario.scenarios()
        return feedback_of(service, None if scenario is None else scenario.id)
    except GeozonesError:  # the store does not answer: the page shows the error where it matters
        return NO_FEEDBACK


def _job(
    study: Study, journal: Journal, end: str, reproposal: Reproposal | None, feedback: Feedback
) -> BilanJob:
    """Return the job that makes the file, for the sector in view or for the whole region."""
    sector = state.of(TeamView).sector
    content = content_of(study, journal, sector, reproposal, feedback)
    work, scenarios = current_scenario.current(), current_scenario.scenarios()
    saved = None if work.scenario is None else work.scenario.id
    exported = of_work(study.analysis, work, feedback_of(scenarios, saved), ledger())
    view = ExportView("region") if sector is None else ExportView("sector", (sector,))
    exported = exported.at(address.app_address(), scenarios.sharing.frozen_version(work))
    shown = dossier(exported, view, scenarios)
    return bilan_job(BilanRequest(shown, content, end))
