"""Data folder and store, opened once for all sessions; plan in force, read once per drawing."""

import gc
from typing import TYPE_CHECKING

import streamlit as st

from geozones.common.clock import today
from geozones.ui import state
from geozones.ui.state.page_views import Published
from geozones.ui.state.session_views import HypothesesView
from geozones.workspace.figures.analysis import Analysis, analysis_of
from geozones.workspace.figures.study import Study, baseline_study
from geozones.workspace.folder.atlas import Atlas, open_atlas
from geozones.workspace.folder.drives import matrix_fingerprint
from geozones.workspace.folder.territory import territory_of
from geozones.workspace.ledger import Ledger, fingerprint_of, read_ledger, with_publications
from geozones.workspace.scenarios.backups import open_store

if TYPE_CHECKING:
    from geozones.workspace.scenarios.backups import Store


@st.cache_resource(show_spinner=False, on_release=lambda store: store.close())
def store() -> "Store":
    """Return the store; raise ``StoreError`` if it cannot be opened."""
    return open_store()


# the previous one is kept for the sessions that still show it, until their next drawing
@st.cache_resource(show_spinner=False, max_entries=2)
def _opened(matrix: str) -> Atlas:  # noqa: ARG001 - a cache key: another matrix opens the folder again
    atlas = open_atlas()
    _freeze_objects()
    return atlas


def _atlas() -> Atlas:
    """Return the data folder, with the matrix in use at the start of this drawing."""
    return _opened(state.of(Published).matrix)


def _freeze_objects() -> None:
    """Exclude from garbage collection the objects that live as long as the server.

    Modules and data are some 270,000 objects: each full collection takes 150 ms, during which the
    server answers nothing. Objects of an earlier opening are collected first.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def plan_fingerprint() -> tuple[str, str, str]:
    """Return what the plan in force depends on: the matrix, the publications and the day."""
    day = today().isoformat()
    return (matrix_fingerprint(), fingerprint_of(store()), day)


def study_in_force(fingerprint: tuple[str, str, str]) -> Study:
    """Return the plan in force with the default hypotheses, outside any session."""
    matrix, _, day = fingerprint
    atlas = _opened(matrix)
    ledger = read_ledger(atlas, store, day)
    return baseline_study(with_publications(ledger, analysis_of(territory_of(atlas))))


def default_analysis() -> Analysis:
    """Return the analysis of the data folder with the default hypotheses."""
    return analysis_of(territory_of(_atlas()))


def read_publications() -> None:
    """Read the publications and the matrix in use again; done at the start of each drawing."""
    state.update(Published, matrix=matrix_fingerprint(), analysis=None)
    before = state.of(Published).ledger
    state.update(Published, ledger=read_ledger(_atlas(), store, today().isoformat(), before))


def ledger() -> Ledger:
    """Return the ledger of publications as read at the start of this drawing."""
    if state.of(Published).ledger is None:
        read_publications()
    held = state.of(Published).ledger
    assert held is not None  # noqa: S101 - just read
    return held


def current_analysis() -> Analysis:
    """Return the analysis with the plan in force, with the session's hypotheses."""
    analysis = state.of(Published).analysis
    if analysis is None:
        analysis = with_publications(ledger(), default_analysis())
        state.update(Published, analysis=analysis)
    asked = state.of(HypothesesView)
    if asked.max_minutes is not None:
        analysis = analysis.with_max_minutes(float(asked.max_minutes))
    if asked.teams is not None:
        analysis = analysis.with_team_settings(asked.teams)
    if asked.cost is not None:
        analysis = analysis.with_cost_settings(asked.cost)
    return analysis
