"""The scenario at work.

It is in the address (``?scenario=``) and in a cookie, so that reloading the page or opening the
browser again finds it.
"""

import json
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from geozones.workspace import Work

_WORK = "geozones.work"
_REMEMBERED = "geozones.remembered"
_READ = "geozones.read"
_LINK = "geozones.link"
_MANAGED = "geozones.managed"
_QUERY = "scenario"
_FROZEN = "version"
_COOKIE = "geozones_scenario"
_MAX_ID = 64
_REMEMBERED_S = 90 * 24 * 3600


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


def now() -> datetime:
    """Return the time, by the clock of the browser where it tells its time zone."""
    return datetime.now(UTC).astimezone(_zone())


def local(stamp: str) -> datetime:
    """Return an ISO time by the clock of the browser."""
    return datetime.fromisoformat(stamp).astimezone(_zone())


def _zone() -> tzinfo:
    try:
        return ZoneInfo(str(st.context.timezone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a browser may say anything
        return UTC


def managed() -> str | None:
    """Return the scenario looked at on the page « Scénarios »."""
    value: str | None = st.session_state.get(_MANAGED)
    return value


def manage(scenario: str) -> None:
    """Look at another scenario on the page « Scénarios »."""
    st.session_state[_MANAGED] = scenario
