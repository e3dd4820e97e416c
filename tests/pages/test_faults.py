"""A page that fails says so in French with what to do, keeps the work, and logs the details."""

import logging
from pathlib import Path

import pytest
import streamlit as st

from geozones.ui.server import launcher
from geozones.ui.server.serve import ServedAddress
from geozones.ui.server.web_guard import show_gesture_fault
from helpers.chosen import aim, choose, open_drawer
from helpers.page_texts import APP, opened, said

TITLE = ">Carte des secteurs et des zones de continuité</h1>"
BROKEN = "geozones.ui.widgets.panel.details"


def broken(*_: object, **__: object) -> tuple[str, ...]:
    msg = "a fault of the tool"
    raise KeyError(msg)


def test_a_page_that_fails_says_what_to_do_and_logs_the_rest(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(BROKEN, broken)
        with caplog.at_level(logging.ERROR):
            app = opened()
    assert "votre travail est gardé" in said(app)
    assert "a fault of the tool" not in said(app)
    (fault,) = [
        record for record in caplog.records if record.name == "geozones.ui.server.web_guard"
    ]
    code = fault.getMessage().removeprefix("Fault ")
    assert code in said(app)
    assert fault.exc_info is not None
    assert "a fault of the tool" in str(fault.exc_info[1])
    # mended, it is drawn again, as it was
    app.button(key="porte.reessayer").click().run()
    assert "votre travail est gardé" not in said(app)
    assert TITLE in said(app)


def test_a_fault_of_what_is_selected_is_left_behind_with_the_work_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = opened(mode="modifier")
    choose(app, lycee="0720012X")
    aim(app, "SAR-4")
    app.button(key="atelier.deplacer").click().run()
    with monkeypatch.context() as patched:
        patched.setattr("geozones.ui.widgets.panel.lycee_card", broken)
        app.run()
        assert "votre travail est gardé" in said(app)
        app.button(key="porte.sans-selection").click().run()
        assert "votre travail est gardé" not in said(app)
    assert TITLE in said(app)
    assert 'data-mode="carte"' in said(app)
    assert "1\u00a0changement fait" in said(open_drawer(app))


def test_what_stops_or_reruns_a_page_passes_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    def first_again_then_stop(*_: object, **__: object) -> tuple[str, ...]:
        drawn.append(True)
        if len(drawn) == 1:
            st.rerun()
        st.stop()

    monkeypatch.setattr(BROKEN, first_again_then_stop)
    app = opened()
    assert len(drawn) == 2
    assert "votre travail est gardé" not in said(app)
    assert TITLE in said(app)


def test_gestures_that_fail_are_said_at_the_same_door(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {}

    class Server:
        def __init__(self, _script: Path, **given: object) -> None:
            options.update(given)

        def run(self, **_: object) -> None:
            """Serve nothing."""

    monkeypatch.setattr(st, "App", Server)
    monkeypatch.setattr(launcher, "PATCHES", ())  # they would stay for the next tests
    monkeypatch.setattr(launcher, "load_config_options", lambda _: None)
    monkeypatch.setattr("sys.argv", ["app.py"])
    launcher.main(APP, ServedAddress())
    assert options["on_script_error"] is show_gesture_fault
