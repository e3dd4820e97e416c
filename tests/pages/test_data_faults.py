"""A data folder that is not whole: the page says so in French, without a traceback."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
APP = ROOT / "app.py"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def said(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_the_app_opens_on_the_map_without_a_fault() -> None:
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("carte", "Carte des secteurs et des zones de continuité"),
        ("equipes", "Équipes"),
        ("scenarios", "Scénarios"),
        ("partager", "Partager"),
        ("donnees", "Données"),
    ],
)
def test_each_page_can_be_switched_to(page: str, title: str) -> None:
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert not app.error
    (heading,) = re.findall(r"<h1[^>]*>([^<]*)", said(app))
    assert heading.strip() == title


@pytest.mark.parametrize("mode", ["regarder", "modifier", "proposer"])
def test_each_mode_of_the_map_is_opened_by_its_address(mode: str) -> None:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["mode"] = mode
    app.run()
    assert not app.exception
    assert not app.error
    assert f'data-mode="{mode}"' in said(app)


@pytest.mark.parametrize("name", ["secteurs.json", "travel_times.parquet", "cells.parquet"])
def test_a_missing_data_file_is_said_on_the_page(
    data_copy: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (data_copy / name).unlink()
    monkeypatch.setenv("GEOZONES_DATA_DIR", str(data_copy))
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not app.exception
    assert name in said(app)
    assert "reconstruisez-le" in said(app)
