"""Every page with every kind of caller, compared with the table of docs/service.md."""

from dataclasses import dataclass

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geozones.common.files import new_code
from geozones.domain.access import Access
from geozones.features.comments.use_cases import Opinions
from geozones.store import Store
from geozones.ui.server import auth
from geozones.ui.state.page_views import ScenariosView
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import Actor, LoginRequiredError, Role
from geozones.workspace.scenarios.service import Scenarios
from helpers.page_texts import APP, everything
from helpers.slow_params import slow_but
from helpers.stored import StoredScenarios
from helpers.use_cases import CALLERS, rights

PAGES = ("carte", "equipes", "scenarios", "partager", "donnees")
#: Pages that do not say the name of the scenario at work.
NAMELESS = {"donnees"}
NAME = "Variante confidentielle"
OWNER = Actor("owner@r.example", Role.PLANNER)
ACTORS = {
    "administrator": Actor("admin@r.example", Role.ADMINISTRATOR),
    "owner": OWNER,
    "editor": Actor("editor@r.example", Role.PLANNER),
    "planner who may read": Actor("looks@r.example", Role.PLANNER),
    "planner without share": Actor("else@r.example", Role.PLANNER),
    "reader": Actor("reader@r.example", Role.READER),
}
MEMBERS = {
    OWNER.name: Access.OWNER,
    "editor@r.example": Access.EDITOR,
    "looks@r.example": Access.READER,
    "reader@r.example": Access.EDITOR,
}
#: Who is given what opens the personal links of lycées.
TRUSTED = {"administrator", "owner", "editor"}


@dataclass(frozen=True)
class Asked:
    """A scenario of the owner, a version that they shared, an opinion that they asked for."""

    store: Store
    scenario: str
    version: str
    opinion: str


@pytest.fixture
def asked(study: Study, store: Store) -> Asked:
    service = Scenarios(study.analysis, lambda: store, OWNER)
    work = service.record(service.new(), "move", {"moves": {"0720012X": "SAR-4"}})
    work = service.describe(work, name=NAME)
    service.open_to(work.saved.id, MEMBERS)
    version = service.links.freeze(work)
    (opinion,) = Opinions(lambda: store, OWNER).ask(
        version, study, "Favorable ?", ["0720012X"], "2099-01-01"
    )
    return Asked(store, work.saved.id, version, opinion.token)


def stored(asked: Asked) -> object:
    return StoredScenarios(asked.store).get(asked.scenario)


def as_caller(caller: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def logged_in() -> Actor:
        if caller in ACTORS:
            return ACTORS[caller]
        raise LoginRequiredError

    monkeypatch.setattr(auth, "_logged_in", logged_in)


def visited(page: str, **query: str) -> str:
    """A page whose address asks for something, as it is once the session has opened that."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params.update(query)
    app.run().switch_page(f"pages/{page}.py")
    app.session_state["geozones.ScenariosView"] = ScenariosView(feedback=True)
    app.query_params.update(query)
    return everything(app.run())


def held(link: str, caller: str, asked: Asked) -> str:
    """What a caller holds for a link: theirs, whatever it is of; anyone logged in has the right."""
    return {
        "link of a version": asked.version,
        "embedded version": asked.version,
        "link of an opinion": asked.opinion,
        "link of a scenario": asked.scenario,
        "nobody": new_code(24),
    }.get(caller, link)


@pytest.mark.parametrize("page", PAGES)
def test_each_kind_of_caller_reads_on_each_page_what_the_table_says(
    page: str, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored(asked)
    for caller in CALLERS:
        as_caller(caller, monkeypatch)
        said = visited(page, scenario=asked.scenario)
        reads = "Connexion obligatoire" not in said
        assert reads is rights()[page][caller], caller
        opened = rights()["Scenarios.open"][caller]
        assert (NAME in said) is (opened and page not in NAMELESS), caller
        assert (asked.opinion in said) is (page == "scenarios" and caller in TRUSTED), caller
    assert stored(asked) == before


@pytest.mark.parametrize(
    "kind",
    slow_but(
        ["shared version", "embedded version", "asked opinion"],
        "shared version",
        "embedded version",
    ),
)
def test_each_kind_of_caller_sees_by_each_link_what_the_table_says(
    kind: str, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "avis" if kind == "asked opinion" else "version"
    right = asked.opinion if kind == "asked opinion" else asked.version
    if kind == "embedded version":
        monkeypatch.setattr(type(st.context), "is_embedded", property(lambda _: True))
    before = stored(asked)
    for caller in CALLERS:
        as_caller(caller, monkeypatch)
        said = visited("carte", **{name: held(right, caller, asked)})
        shown = "Lien fermé" not in said and "Lien introuvable" not in said
        assert shown is rights()[kind][caller], caller
        assert (NAME in said) is shown, caller
        assert asked.scenario not in said
        assert not shown or (asked.opinion in said) is False
    assert stored(asked) == before
