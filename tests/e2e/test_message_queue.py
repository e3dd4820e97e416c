"""A click while a page is being drawn, on a server whose messages wait: nothing is lost."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from helpers.served_app import wait_until_served

from .conftest import NewVisit, free_port, still
from .gestures import hurried

#: A page that is drawn as far as a button, waits for its click, and ends with what Streamlit's own
#: queue sends without its block: an element so large that the browser keeps it, a fragment inside.
#: The server sends its messages twice a second only, as a busy one does.
PAGE = """
import time
import streamlit as st
from streamlit.runtime import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

runtime.MESSAGE_FLUSH_INTERVAL_SECS = 0.5

@st.fragment
def inside():
    st.text("list of the inside")

@st.fragment
def page(long):
    clicked = st.button("Click", key=f"click {long}")
    if long:
        waiting = get_script_run_ctx().script_requests
        while not clicked and waiting._state is not ScriptRequestType.RERUN:
            time.sleep(0.01)
        for number in range(5):
            st.text(f"line {number}")
        with st.container():
            st.html("<p>the large one</p>" + "<hr>" * 5_000)
            inside()
    st.text("clicked" if clicked else "drawn")

page(st.toggle("Long"))
"""


@pytest.fixture
def page_url(tmp_path: Path) -> Iterator[str]:
    """The page, behind the app's own launcher."""
    script = tmp_path / "page.py"
    script.write_text(PAGE, encoding="utf-8")
    port = free_port()
    printed = tmp_path / "server.log"
    with printed.open("ab") as output:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "geozones.ui.server.launcher", str(script)),
                *("127.0.0.1", str(port), "", ""),
            ],
            cwd=tmp_path,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_served(server, url, printed)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.mark.slow
def test_a_click_while_a_page_is_drawn_does_not_empty_the_window(
    new_visit: NewVisit, page_url: str
) -> None:
    visit = new_visit(url=page_url)
    page = visit.page
    page.goto(page_url)
    expect(page.get_by_text("drawn", exact=True)).to_be_visible()
    for _ in ("the browser gets the large one", "it has it"):
        page.get_by_text("Long", exact=True).click()
        with hurried():
            page.locator(".st-key-click-True").get_by_role("button").click()
        expect(page.get_by_text("clicked", exact=True)).to_be_visible()
        expect(page.get_by_text("the large one")).to_be_visible()
        expect(page.get_by_text("list of the inside")).to_be_visible()
        still(page)
        page.get_by_text("Long", exact=True).click()
        expect(page.get_by_text("drawn", exact=True)).to_be_visible()
        expect(page.get_by_text("the large one")).to_have_count(0)
        still(page)
    assert visit.errors == []
