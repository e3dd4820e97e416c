"""What the other pages show."""

from dataclasses import replace
from typing import Any

import streamlit as st

from geozones.ui.state.shown import (
    Demand,
    ListView,
    ProposalView,
    Ready,
    ShareView,
    TeamView,
    TravelView,
)
from geozones.workspace import Search, TeamSearch

_TRAVEL = "geozones.travel_view"
_SHARE = "geozones.share"
_READY = "geozones.ready"
_STORY_STEP = "geozones.story_step"
_DEMAND = "geozones.demand"
_PROPOSAL = "geozones.proposal"
_SEARCH = "geozones.search"
_TEAM_VIEW = "geozones.team_view"
_TEAM_SEARCH = "geozones.team_search"
_LIST = "geozones.list"


def travel_view() -> TravelView:
    """Return what the page « Temps de trajet » shows."""
    value: TravelView = st.session_state.setdefault(_TRAVEL, TravelView())
    return value


def set_travel_view(**changes: Any) -> None:  # noqa: ANN401 - the fields of TravelView
    """Change a part of what the page « Temps de trajet » shows."""
    st.session_state[_TRAVEL] = replace(travel_view(), **changes)


def share_view() -> ShareView:
    """Return what the page « Partager » shows."""
    value: ShareView = st.session_state.setdefault(_SHARE, ShareView())
    return value


def set_share_view(**changes: Any) -> None:  # noqa: ANN401 - the fields of ShareView
    """Change a part of what the page « Partager » shows."""
    st.session_state[_SHARE] = replace(share_view(), **changes)


def ready(*key: str) -> Ready | None:
    """Return the file made for this, if it was the last of its kind (the first part of ``key``)."""
    value: Ready | None = st.session_state.get(_READY, {}).get(key[0])
    return value if value is not None and value.key == key else None


def keep_ready(value: Ready) -> None:
    """Keep a file to download: one of each kind, they are heavy."""
    st.session_state[_READY] = st.session_state.get(_READY, {}) | {value.key[0]: value}


def story_step(last: int) -> int:
    """Return the rank of the step of the webinar at work, at most ``last``."""
    return min(int(st.session_state.setdefault(_STORY_STEP, 0)), last)


def set_story_step(rank: int) -> None:
    """Work on another step of the webinar."""
    st.session_state[_STORY_STEP] = max(rank, 0)


def demand() -> Demand:
    """Return what is asked of a proposal."""
    value: Demand = st.session_state.setdefault(_DEMAND, Demand())
    return value


def ask(**changes: Any) -> None:  # noqa: ANN401 - the fields of Demand
    """Change a part of what is asked."""
    st.session_state[_DEMAND] = replace(demand(), **changes)


def proposal_view() -> ProposalView:
    """Return what the page « Propositions » shows of what was found."""
    value: ProposalView = st.session_state.setdefault(_PROPOSAL, ProposalView())
    return value


def set_proposal_view(**changes: Any) -> None:  # noqa: ANN401 - the fields of ProposalView
    """Change a part of what the page « Propositions » shows."""
    st.session_state[_PROPOSAL] = replace(proposal_view(), **changes)


def search() -> Search | None:
    """Return the search of this session, under way or ended."""
    value: Search | None = st.session_state.get(_SEARCH)
    return value


def keep_search(value: Search | None) -> None:
    """Make a search the session's; the one before is stopped."""
    before = search()
    if before is not None:
        before.cancel()
    st.session_state[_SEARCH] = value
    st.session_state[_PROPOSAL] = ProposalView()


def list_view() -> ListView:
    """Return the import under way on the page « Données »."""
    value: ListView = st.session_state.setdefault(_LIST, ListView())
    return value


def set_list_view(**changes: Any) -> None:  # noqa: ANN401 - the fields of ListView
    """Change a part of the import under way."""
    st.session_state[_LIST] = replace(list_view(), **changes)


def end_list() -> None:
    """Forget the import."""
    st.session_state.pop(_LIST, None)


def team_view() -> TeamView:
    """Return what the page « Équipes » shows."""
    value: TeamView = st.session_state.setdefault(_TEAM_VIEW, TeamView())
    return value


def set_team_view(**changes: Any) -> None:  # noqa: ANN401 - the fields of TeamView
    """Change a part of what the page « Équipes » shows."""
    st.session_state[_TEAM_VIEW] = replace(team_view(), **changes)


def team_search() -> TeamSearch | None:
    """Return the proposal of posts of this session, under way or ended."""
    value: TeamSearch | None = st.session_state.get(_TEAM_SEARCH)
    return value


def keep_team_search(value: TeamSearch | None) -> None:
    """Make a proposal of posts the session's; the one before is stopped."""
    before = team_search()
    if before is not None:
        before.cancel()
    st.session_state[_TEAM_SEARCH] = value
