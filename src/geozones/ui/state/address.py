"""Address of the page, and cookie of the last scenario.

The current scenario is in the address (``?scenario=``) and in a cookie, so that it is found again
after a reload or when the browser is opened again. The mode and the view of the map, and the part
of a page that is shown, are in the address too, and in no cookie.

The server writes the address; each write is a step that the browser's Back undoes. Back is
recognised by a mark that the page puts in the address before the server reads it (``history.js``).
"""

import json
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import htpy
import streamlit as st
from markupsafe import Markup

from geozones.common import settings_file as public
from geozones.common.files import new_code
from geozones.ui.state.carte_views import Mode
from geozones.ui.state.session_views import Arrival, Current, Meeting
from geozones.ui.state.store import of, update
from geozones.workspace.scenarios.open_scenario import Work

SCENARIO, FROZEN, PLAN = public.SCENARIO, public.FROZEN, public.PLAN
OPINION = public.OPINION
MODE, LAYER, DATE = "mode", "couche", "date"
#: Parameter of the map in full screen, and its value.
SCREEN, FULL = "ecran", "plein"
#: Parameters of the map in the address, apart from the scenario.
#: Selectable places, the narrowest first: parameter in an address, and kind for `find`.
PLACES = {"lycee": "lycee", "zone": "zone", "secteur": "sector"}
_VIEW = frozenset({MODE, public.SECTOR, public.ZONE, "lycee", LAYER, DATE, PLAN, SCREEN})
_COOKIE = "geozones_scenario"
_BROWSER = "geozones_browser"
_CODE = re.compile(r"[\w-]{16,40}")
_PART = "partie"
_BACK = "retour"
_MAX_ID = 64
_REMEMBERED_S = 90 * 24 * 3600


def asked_scenario() -> str | None:
    """Return the scenario in the address, else the last scenario of this browser."""
    asked = linked_scenario()
    if asked:
        return asked
    kept = st.context.cookies.get(_COOKIE)
    return kept[:_MAX_ID] if kept else None


def linked_scenario() -> str | None:
    """Return the scenario in the address: present when a link was followed, not the menu."""
    asked = st.query_params.get(SCENARIO)
    return str(asked)[:_MAX_ID] if asked else None


def asked_view() -> dict[str, str]:
    """Return the parameters of the map and the scenario from the address: untrusted text."""
    asked = st.query_params.to_dict()
    known = _VIEW | {SCENARIO}
    return {word: value[:_MAX_ID] for word, value in asked.items() if word in known and value}


def app_address() -> str:
    """Return the address of the app: the public address if set, else as the browser sees it."""
    site = public.public_address()
    if site:
        return site
    here = urlsplit(str(st.context.url or ""))
    return f"{here.scheme}://{here.netloc}{_base_path()}" if here.netloc else ""


def _base_path() -> str:
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def pop_back_mark() -> bool:
    """Tell whether the browser came back to this address; remove the mark to count it once."""
    if _BACK not in st.query_params:
        return False
    del st.query_params[_BACK]
    return True


def asked_version() -> str | None:
    """Return the token of the frozen version in a read-only link."""
    asked = st.query_params.get(FROZEN)
    return str(asked)[:_MAX_ID] if asked else None


def asked_opinion() -> str | None:
    """Return the token in the personal link of a lycée whose opinion is asked."""
    asked = st.query_params.get(OPINION)
    return str(asked)[:_MAX_ID] if asked else None


def asked_mode() -> Mode:
    """Return the content of the panel in the address; former modes lead to the map."""
    asked = st.query_params.get(MODE)
    return Mode(asked) if asked in set(Mode) else Mode.MAP


def asked_part() -> str | None:
    """Return the part of the page in the address: untrusted text."""
    asked = st.query_params.get(_PART)
    return str(asked)[:_MAX_ID] if asked else None


def of_part(part: str) -> dict[str, str]:
    """Return the parameters of an address that lead to a part of its page."""
    return {_PART: part}


def tell_part(part: str | None) -> None:
    """Write the shown part of the page in the address; ``None``: the default part."""
    if part is not None:
        st.query_params[_PART] = part
    elif _PART in st.query_params:
        del st.query_params[_PART]


def publish(value: Work, view: Mapping[str, str] | None = None) -> None:
    """Write the scenario in the address of the page, and remember it in this browser.

    ``view`` holds the parameters of the map (`asked_view`), on the page that has the map. The whole
    is one step of the browser's history.
    """
    asked = st.query_params.to_dict()
    others = {word: entry for word, entry in asked.items() if word not in _VIEW | {SCENARIO}}
    scenario = {} if value.scenario is None else {SCENARIO: value.scenario.id}
    if view is not None:
        update(Arrival, parameters={**scenario, **view})
    wanted = {**others, **scenario, **(view or {})}
    if asked != wanted:
        st.query_params.from_dict(wanted)
    remember(value)


def remember(value: Work) -> None:
    """Store the scenario in the cookie of this browser, and leave the address as it is.

    The code of the browser is stored too. Cookies are drawn at the end of a page, once: an element
    that comes and goes before others would have the browser build these anew. They are of the path
    of the app: the site may serve another territory under another path.
    """
    scenario = None if value.scenario is None else value.scenario.id
    path = _base_path() or "/"
    cookies = []
    if of(Current).remembered != scenario:
        update(Current, remembered=scenario)
        age = 0 if scenario is None else _REMEMBERED_S
        cookies.append(f"{_COOKIE}={scenario or ''}; path={path}; max-age={age}; SameSite=Strict")
    browser = of(Meeting).browser
    if browser and not of(Current).is_known:
        update(Current, is_known=True)
        cookies.append(f"{_BROWSER}={browser}; path={path}; SameSite=Strict")
    if cookies:
        lines = "".join(f"document.cookie = {json.dumps(cookie)};" for cookie in cookies)
        script = Markup(lines)  # noqa: S704 - identifiers
        st.html(htpy.script[script], unsafe_allow_javascript=True)


def browser_code() -> str:
    """Return the code of this browser, the same in its other tabs until it is closed."""
    kept = str(st.context.cookies.get(_BROWSER, ""))  # a browser may send anything
    return kept if _CODE.fullmatch(kept) else new_code()
