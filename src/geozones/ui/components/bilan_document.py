"""The bilan as a file, and what would be proposed under what was observed, when asked."""

from functools import partial

import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.domain.journal import Journal
from geozones.domain.journal_files import JournalFile
from geozones.export.bilan import FORMATS
from geozones.export.text import slug
from geozones.ui import current_scenario, state
from geozones.ui.components import html
from geozones.ui.components.chooser import chooser
from geozones.ui.components.made_files import keep, prepared
from geozones.ui.state import address
from geozones.ui.state.views import BilanView, TeamView
from geozones.workspace.experiment.again import MOVES, propose_again
from geozones.workspace.experiment.areas import observer
from geozones.workspace.experiment.document import content_of
from geozones.workspace.sharing.dossier import Look, dossier
from geozones.workspace.sharing.subject import of_work
from geozones.workspace.study import Study


def files_of_bilan(study: Study, journal: Journal, files: tuple[JournalFile, ...]) -> None:
    """Offer to propose again under what was observed, and the bilan as a file."""
    sector = state.of(TeamView).sector
    key = _key(study, files, sector)
    view = state.of(BilanView)
    st.button(
        "Proposer à nouveau, sous ce qui a été observé",
        key="bilan.proposer",
        icon=":material/auto_awesome:",
        help=f"{MOVES} déplacements au plus, tels que supposés puis tels qu'observés.",
        on_click=_propose,
        args=(study, journal, key, sector),
    )
    if view.again is not None and view.again_of == key:
        html.show(html.bullets(view.again.sentences(study), "gz-steps"))
    names = {end: f"{kind.label} (.{end})" for end, kind in FORMATS.items()}
    choice, act = st.columns([1, 1], vertical_alignment="bottom")
    with choice:
        chooser("Le bilan en fichier", names, state.bound(BilanView, "format"))
    end = state.of(BilanView).format
    with act:
        prepared(
            "bilan.preparer",
            "Préparer le fichier",
            ("bilan", end, *key, str(view.again_of == key)),
            lambda: keep(
                ("bilan", end, *key, str(view.again_of == key)),
                FORMATS[end].media,
                partial(_make, study, journal, end, key),
            ),
        )


def _key(study: Study, files: tuple[JournalFile, ...], sector: str | None) -> tuple[str, ...]:
    """Return what the bilan depends on, as words."""
    held = (f"{file.id}{file.first}" for file in files)
    return (str(hash((study.plan, study.settings, study.teams))), str(sector), *held)


def _propose(study: Study, journal: Journal, key: tuple[str, ...], sector: str | None) -> None:
    with st.spinner("Recherche des déplacements…"):
        try:
            again = propose_again(study, observer(study, journal), sector)
        except GeozonesError as error:
            state.notify("error", str(error))
            return
    state.update(BilanView, again=again, again_of=key)


def _make(study: Study, journal: Journal, end: str, key: tuple[str, ...]) -> tuple[str, bytes]:
    """Return the name and the bytes of the file: of the sector in view, else of the whole."""
    sector, view = state.of(TeamView).sector, state.of(BilanView)
    again = view.again if view.again_of == key else None
    content = content_of(study, journal, sector, again)
    subject = of_work(study.analysis, current_scenario.current()).at(address.app_address())
    look = Look("region") if sector is None else Look("sector", (sector,))
    shown = dossier(subject, look, current_scenario.scenarios())
    return f"{slug(content.title)}.{end}", FORMATS[end].make(shown, content)
