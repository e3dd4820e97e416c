"""First screen of a shared version: its status, what it does, what is asked, and its map."""

import htpy
import streamlit as st

from geozones.common.french import long_date
from geozones.domain import ScenarioStatus
from geozones.domain.terms import worded
from geozones.export import Dossier
from geozones.export.text import typeset
from geozones.ui.opened_data import current_analysis, ledger
from geozones.ui.shared_pages.shared_map import shared_map
from geozones.ui.widgets import html
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.sharing.briefing import Briefing
from geozones.workspace.sharing.exported_plan import ExportedPlan
from geozones.workspace.sharing.outcome import VersionOutcome, outcome_of, status_in_words

_WHEN = "version du {}"
#: Most changes listed before the others are folded.
_CHANGES = 10
#: Statuses of a decision, and the classes of the badges of others and of these.
_SETTLED = {ScenarioStatus.KEPT, ScenarioStatus.DISCARDED}
_UNDECIDED, _DECIDED = ".gz-pill.gz-draft", ".gz-pill.gz-settled"


def head(work: Work, outcome: VersionOutcome) -> htpy.Element:
    """Return the name of a version, its status in words, its date and what became of it."""
    author = current_analysis().territory.atlas.starting_plan.author
    scenario = work.scenario
    settled = outcome.status or (scenario is not None and scenario.status in _SETTLED)
    badge = htpy.span(_DECIDED if settled else _UNDECIDED)[status_in_words(work, outcome)]
    when = "" if scenario is None else _WHEN.format(long_date(scenario.updated))
    return htpy.header(".gz-shared-head")[
        html.kicker(
            " · ".join(filter(None, (author, worded("continuité informatique des {sites}"))))
        ),
        htpy.h1(".gz-title")[work.name],
        htpy.p[badge, " ", when],
        [htpy.p(".gz-since")[typeset(line)] for line in outcome.lines],
    ]


def version_line(work: Work) -> str:
    """Return the status of a version in words, and its date."""
    status = status_in_words(work, outcome_of(ledger(), work))
    when = _WHEN.format(long_date(work.saved.updated))
    return f"{status}, {when}"


def lede(exported: ExportedPlan, shown: Dossier, briefing: Briefing) -> None:
    """Draw what a version does and what is asked beside its map; on a phone, above it."""
    with st.container(key="gz-lede"):
        with st.container(key="gz-lede-message"):
            html.show(_message(shown, briefing))
        with st.container(key="gz-lede-map"):
            shared_map(exported)
        with st.container(key="gz-lede-proposed"):
            html.show(_proposed(briefing))


def _message(shown: Dossier, briefing: Briefing) -> htpy.Element:
    return htpy.section(".gz-briefing", aria_label="L'essentiel")[
        [htpy.p[line] for line in briefing.message],
        [htpy.h2["Ce qui vous est demandé"], htpy.p[typeset(shown.asked[0])]]
        if shown.asked
        else None,
    ]


def _proposed(briefing: Briefing) -> htpy.Element:
    listed = html.folded_bullets(
        briefing.proposed, "gz-steps", _CHANGES, "autre changement", "autres changements"
    )
    return htpy.section[html.subtitle("Ce qui est proposé"), listed]
