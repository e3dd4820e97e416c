"""The legal notices: criteria of accessibility, personal data, and a name erased."""

import importlib.util
import re
from collections.abc import Iterator
from html import unescape
from itertools import chain, repeat
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geozones.common.errors import InputError
from geozones.common.settings_file import contacts
from geozones.store import Store
from geozones.ui.notices import AuditCriterion, AuditStatus, grid, share_met, statement
from geozones.workspace.roles import LOCAL, Actor, NotAllowedError, Role
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.teams.holder_names import read_names, write_names
from geozones.workspace.upkeep import erase_person

ROOT = Path(__file__).parents[2]
#: How many criteria each of the 13 themes of RGAA 4.1 has.
_COUNTS = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path / 'scenarios.db'}")
    yield made
    made.close()


def test_the_grid_has_the_106_criteria_in_order_each_with_a_reason() -> None:
    themes = chain.from_iterable(repeat(theme, count) for theme, count in enumerate(_COUNTS, 1))
    ranks = chain.from_iterable(range(1, count + 1) for count in _COUNTS)
    wanted = [f"{theme}.{rank}" for theme, rank in zip(themes, ranks, strict=True)]
    assert [one.number for one in grid()] == wanted
    assert all(one.subject and one.why for one in grid())


@pytest.mark.parametrize(
    "one", [one for one in grid() if one.status is AuditStatus.MET], ids=lambda one: one.number
)
def test_a_criterion_that_is_met_names_its_test_or_the_day_it_was_looked_at(
    one: AuditCriterion,
) -> None:
    file, _, test = one.proof.partition("::")
    if test:
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")
    else:
        assert re.fullmatch(r"examen manuel du \d+ [a-zû]+ 20\d\d", one.proof)


def test_what_is_met_is_at_least_88_percent_of_what_applies() -> None:
    assert share_met() >= 0.88


def test_the_page_of_the_docs_is_the_grid_of_the_app() -> None:
    spec = importlib.util.spec_from_file_location("rgaa_grid", ROOT / "scripts" / "rgaa_grid.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.PAGE.read_text(encoding="utf-8") == script.page()


def test_the_statement_says_what_is_not_met_and_whom_to_write_to(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(
        '[service]\norganisation = "Région <b>"\naccessibility = "rgaa@region.example"\n'
        'personal_data = "https://dpo.region.example"\n',
        encoding="utf-8",
    )
    text = str(statement(contacts({"GEOZONES_SETTINGS": str(settings)})))
    assert 'href="mailto:rgaa@region.example"' in text
    assert "Région &lt;b&gt;" in text
    assert "partiellement conforme" in text
    missed = [one for one in grid() if one.status is AuditStatus.NOT_MET]
    assert missed
    assert all(one.why in unescape(text) for one in missed)
    settings.write_text('[service]\nphone = "02"\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"réglage inconnu dans \[service\] : phone"):
        contacts({"GEOZONES_SETTINGS": str(settings)})


def test_a_technician_s_name_is_erased_at_request_by_an_administrator(
    store: Store, tmp_path: Path
) -> None:
    write_names(LOCAL, {"p1": "Grace Hopper", "p2": "grace hopper", "p3": "Alan Turing"}, tmp_path)
    with pytest.raises(NotAllowedError):
        erase_person(lambda: store, Actor("Max", Role.PLANNER), "Grace Hopper", tmp_path)
    said = erase_person(lambda: store, LOCAL, " Grace Hopper ", tmp_path)
    assert said.sentence.startswith("Nom effacé : 2\u00a0postes.")
    assert read_names(LOCAL, tmp_path) == {"p3": "Alan Turing"}
    for nobody in ("Grace Hopper", " "):
        with pytest.raises(InputError):
            erase_person(lambda: store, LOCAL, nobody, tmp_path)


@pytest.mark.usefixtures("service")
def test_each_page_leads_to_the_notices_and_a_name_unknown_is_told() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run().switch_page("pages/donnees.py").run()
    page = unescape(" ".join(element.proto.body for element in app.get("html")))
    assert 'href="donnees?partie=mentions#donnees-personnelles"' in page
    app.query_params["partie"] = "mentions"
    app.run()
    assert not app.segmented_control
    (field,) = (field for field in app.text_input if field.label.startswith("Nom, comme"))
    field.set_value("Personne").run()
    app.button(key="mentions.effacer").click().run()
    assert not app.exception
    page = unescape(" ".join(element.proto.body for element in app.get("html")))
    assert "Rien n'est signé « Personne »" in page
    write_names(LOCAL, {"p1": "Grace Hopper"})
    (field,) = (field for field in app.text_input if field.label.startswith("Nom, comme"))
    field.set_value("Grace Hopper").run()
    app.button(key="mentions.effacer").click().run()
    page = unescape(" ".join(element.proto.body for element in app.get("html")))
    assert "Nom effacé : 1\u00a0poste." in page
    assert read_names(LOCAL) == {}
    assert "Défenseur des droits" in page
