"""What a session remembers: the only module that touches ``st.session_state``.

The scenario at work is in the address (``?scenario=``) and in a cookie, so that reloading the page
or opening the browser again finds it.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from geozones.domain.settings import TeamSettings
from geozones.workspace import ListImport, Search, TeamSearch, Work

_SELECTION = "geozones.selection"
_WORK = "geozones.work"
_REMEMBERED = "geozones.remembered"
_NOTICE = "geozones.notice"
_LAYERS = "geozones.layers"
_MINUTES = "geozones.max_minutes"
_DATE = "geozones.date"
_PEAK = "geozones.peak_factor"
_TRAVEL = "geozones.travel_view"
_PICKED = "geozones.picked"
_PLACING = "geozones.placing"
_READ = "geozones.read"
_LINK = "geozones.link"
_SHARE = "geozones.share"
_READY = "geozones.ready"
_STORY_STEP = "geozones.story_step"
_DEMAND = "geozones.demand"
_PROPOSAL = "geozones.proposal"
_SEARCH = "geozones.search"
_TEAM_VIEW, _TEAM_SETTINGS = "geozones.team_view", "geozones.team_settings"
_TEAM_SEARCH, _COLOURING = "geozones.team_search", "geozones.colouring"
_LIST = "geozones.list"
_QUERY, _FROZEN = "scenario", "version"
_COOKIE = "geozones_scenario"
_MAX_ID = 64
_REMEMBERED_S = 90 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Selection:
    """What is looked at. ``look`` counts the times the map was asked to move there."""

    sector: str | None = None
    zone: str | None = None
    lycee: str | None = None
    target: str | None = None
    look: int = 0


@dataclass(frozen=True, slots=True)
class TravelView:
    """What the page « Temps de trajet » shows: a zone, a pair of lycées, a place asked from."""

    part: str = "zones"
    sector: str | None = None
    zone: str | None = None
    pair: tuple[str, str] | None = None
    place: str | None = None
    understood: str = ""
    isochrones: bool = False
    look: int = 0


@dataclass(frozen=True, slots=True)
class ShareView:
    """What the page « Partager » shows and makes; ``plan`` and ``other`` are plans by code."""

    plan: str | None = None
    kind: str = "region"
    sector: str | None = None
    zone: str | None = None
    other: str | None = None
    format: str = "png"
    size: str = "hd"


@dataclass(frozen=True, slots=True)
class Ready:
    """A file made for this session, to download; ``key`` says what was asked for."""

    key: tuple[str, ...]
    name: str
    media: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of a proposal, as typed on the page « Propositions ».

    Sizes and counts are lycées and zones, ``cap`` minutes, ``seconds`` how long to search; ``None``
    asks for nothing.
    """

    sectors: tuple[str, ...] = ()
    stay: bool = True
    size: tuple[int, int] = (3, 6)
    cap: int | None = None
    moves: int | None = None
    zones: int | None = None
    held_lycees: tuple[str, ...] = ()
    held_zones: tuple[str, ...] = ()
    together: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class ProposalView:
    """Which point of the curve is looked at (``None``: the last), and the plan after it or not."""

    moves: int | None = None
    after: bool = True


@dataclass(frozen=True, slots=True)
class TeamView:
    """What the page « Équipes » shows; ``first`` and ``last`` are the dates of an absence."""

    part: str = "besoins"
    sector: str | None = None
    zone: str | None = None
    post: str | None = None
    first: date = field(default_factory=date.today)
    last: date = field(default_factory=lambda: date.today() + timedelta(days=6))
    names: bool = False
    years: bool = False


@dataclass(frozen=True, slots=True)
class ListView:
    """An import under way on the page « Données », and the step it is at, from 1.

    ``shipped`` compares it with the shipped plan, not with the scenario at work; ``keep_absent``
    keeps the lycées that the list has not; ``shown`` says which repairs are listed.
    """

    current: ListImport | None = None
    step: int = 1
    shipped: bool = True
    keep_absent: bool = True
    shown: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to show once, under the key figures; ``kind`` is ``ok`` or ``error``."""

    kind: str
    text: str


def selection() -> Selection:
    """Return what is selected."""
    value: Selection = st.session_state.setdefault(_SELECTION, Selection())
    return value


def select(**changes: Any) -> None:  # noqa: ANN401 - the fields of Selection
    """Change a part of the selection."""
    st.session_state[_SELECTION] = replace(selection(), **changes)


def look_at(sector: str | None) -> None:
    """Select a sector (``None``: the region) and have the map go there."""
    st.session_state[_SELECTION] = Selection(sector=sector, look=selection().look + 1)
    clear_notice()


def work() -> Work | None:
    """Return the scenario of the session; ``None`` before any was opened."""
    value: Work | None = st.session_state.get(_WORK)
    return value


def keep(value: Work) -> None:
    """Make a scenario the session's; the page puts it in the address once drawn."""
    st.session_state[_WORK] = value


def asked_scenario() -> str | None:
    """Return the scenario that the address asks for, else the last one of this browser."""
    asked = st.query_params.get(_QUERY)
    if asked:
        return str(asked)[:_MAX_ID]
    kept = st.context.cookies.get(_COOKIE)
    return kept[:_MAX_ID] if kept else None


def linked_scenario() -> str | None:
    """Return the scenario that the address names: a link was followed, not the menu."""
    asked = st.query_params.get(_QUERY)
    return str(asked)[:_MAX_ID] if asked else None


def asked_version() -> str | None:
    """Return the frozen version that a read-only link asks for."""
    asked = st.query_params.get(_FROZEN)
    return str(asked)[:_MAX_ID] if asked else None


def frozen_version() -> tuple[str, Work | None] | None:
    """Return the frozen version read for this session, by its token."""
    value: tuple[str, Work | None] | None = st.session_state.get(_READ)
    return value


def keep_frozen(token: str, value: Work | None) -> None:
    """Remember a frozen version: it never changes."""
    st.session_state[_READ] = (token, value)


def show_link(link: str) -> None:
    """Leave a link to show."""
    st.session_state[_LINK] = link


def link() -> str | None:
    """Return the link to show, if one was made."""
    value: str | None = st.session_state.get(_LINK)
    return value


def publish(value: Work) -> None:
    """Write the scenario in the address of the page, and remember it in this browser."""
    scenario = None if value.scenario is None else value.scenario.id
    if st.query_params.get(_QUERY) != scenario:
        if scenario is None:
            del st.query_params[_QUERY]
        else:
            st.query_params[_QUERY] = scenario
    remember(value)


def remember(value: Work) -> None:
    """Have this browser find the scenario again, without a word in the address."""
    scenario = None if value.scenario is None else value.scenario.id
    if st.session_state.get(_REMEMBERED) != scenario:
        st.session_state[_REMEMBERED] = scenario
        age = 0 if scenario is None else _REMEMBERED_S
        cookie = f"{_COOKIE}={scenario or ''}; path=/; max-age={age}; SameSite=Strict"
        st.html(
            f"<script>document.cookie = {json.dumps(cookie)};</script>",
            unsafe_allow_javascript=True,
        )


def notify(kind: str, text: str) -> None:
    """Leave a message for the next drawing."""
    st.session_state[_NOTICE] = Notice(kind, text)


def notice() -> Notice | None:
    """Return the message to show, until another action replaces or clears it."""
    value: Notice | None = st.session_state.get(_NOTICE)
    return value


def picked() -> tuple[str, ...]:
    """Return the lycées picked to move together."""
    value: tuple[str, ...] = st.session_state.setdefault(_PICKED, ())
    return value


def pick(lycees: tuple[str, ...]) -> None:
    """Choose the lycées to move together."""
    st.session_state[_PICKED] = lycees


def placing() -> bool:
    """Return whether dragging a lycée corrects where it is."""
    return bool(st.session_state.setdefault(_PLACING, False))


def set_placing(*, on: bool) -> None:
    """Have dragging a lycée correct where it is, or move it to another zone."""
    st.session_state[_PLACING] = on


def clear_notice() -> None:
    """Forget the message."""
    st.session_state.pop(_NOTICE, None)


def layers() -> dict[str, bool]:
    """Return which layers of the map are drawn."""
    value: dict[str, bool] = st.session_state.setdefault(
        _LAYERS, {"lycees": True, "labels": True, "departements": True, "tiles": False}
    )
    return value


def set_layer(name: str, *, shown: bool) -> None:
    """Show or hide a layer."""
    st.session_state[_LAYERS] = layers() | {name: shown}


def max_minutes(default: float) -> float:
    """Return the threshold of the drives inside a zone, in minutes."""
    return float(st.session_state.setdefault(_MINUTES, default))


def set_max_minutes(value: float) -> None:
    """Change the threshold."""
    st.session_state[_MINUTES] = value


def peak_factor() -> float:
    """Return what every drive is multiplied by."""
    return float(st.session_state.setdefault(_PEAK, 1.0))


def set_peak_factor(value: float) -> None:
    """Change what every drive is multiplied by."""
    st.session_state[_PEAK] = value


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


def date_index(last: int) -> int:
    """Return the rank of the calendar step shown; at first, the last."""
    return int(st.session_state.setdefault(_DATE, last))


def set_date_index(value: int) -> None:
    """Show another calendar step."""
    st.session_state[_DATE] = value


def widget(key: str) -> Any:  # noqa: ANN401 - whatever the widget holds
    """Return what a widget holds, inside its own callback."""
    return st.session_state.get(key)


def put(key: str, value: Any) -> None:  # noqa: ANN401 - whatever the widget holds
    """Set what a widget shows, before it is drawn."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def team_view() -> TeamView:
    """Return what the page « Équipes » shows."""
    value: TeamView = st.session_state.setdefault(_TEAM_VIEW, TeamView())
    return value


def set_team_view(**changes: Any) -> None:  # noqa: ANN401 - the fields of TeamView
    """Change a part of what the page « Équipes » shows."""
    st.session_state[_TEAM_VIEW] = replace(team_view(), **changes)


def team_settings(default: TeamSettings) -> TeamSettings:
    """Return the hypotheses about teams of this session."""
    value: TeamSettings = st.session_state.setdefault(_TEAM_SETTINGS, default)
    return value


def set_team_settings(value: TeamSettings) -> None:
    """Change the hypotheses about teams."""
    st.session_state[_TEAM_SETTINGS] = value


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


def colouring() -> str:
    """Return the metric that the Carte colours by; empty for the sectors."""
    return str(st.session_state.setdefault(_COLOURING, ""))


def set_colouring(value: str) -> None:
    """Colour the Carte by another metric."""
    st.session_state[_COLOURING] = value
