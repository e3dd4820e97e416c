"""With a login set up, whoever is not logged in may look and change nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "app.py"
LOGIN = {
    "redirect_uri": "http://127.0.0.1:8501/oauth2callback",
    "cookie_secret": "for a test",
    "client_id": "geozones",
    "client_secret": "for a test",
    "server_metadata_url": "http://127.0.0.1:9/.well-known/openid-configuration",
}


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def texts(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def moved(app: AppTest) -> str:
    """Move a lycée in the Atelier; return what the page says."""
    app.selectbox(key="atelier.lycee").select("0720012X").run()
    app.selectbox(key="atelier.cible").select("SAR-4").run()
    app.button(key="atelier.deplacer").click().run()
    assert not app.exception
    return texts(app)


def test_without_a_login_whoever_is_at_the_machine_is_a_planner() -> None:
    app = (
        AppTest.from_file(str(APP), default_timeout=60).run().switch_page("pages/atelier.py").run()
    )
    said = moved(app)
    assert "passe de Sablé – La Flèche – Montval" in said
    assert "1 changement fait" in said.replace("\u00a0", " ")


def test_a_visitor_who_is_not_logged_in_changes_nothing() -> None:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.secrets["auth"] = LOGIN
    app = app.run().switch_page("pages/atelier.py").run()
    said = moved(app)
    assert "il faut être planificateur" in said
    assert "changement fait" not in said
