"""With a login set up, whoever is not logged in sees nothing but the frozen versions they have."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geozones.domain.plan_documents import post_to_json
from geozones.domain.teams import FREE, SLOTS, Post
from geozones.ui import opened_data
from geozones.ui.carte.shown import ACCESS
from geozones.ui.server.web_guard import OLD_ADDRESSES
from geozones.ui.state.carte_views import MapView, Mode
from geozones.ui.state.page_views import DataView, ShareView
from geozones.workspace.scenarios.service import Scenarios
from helpers.chosen import aim, choose, open_drawer
from helpers.holders import write_holders
from helpers.one_navigation import at_address
from helpers.page_texts import APP, everything, opened, plain, said
from helpers.slow_params import slow_but

LOGIN = {
    "redirect_uri": "http://127.0.0.1:8501/oauth2callback",
    "cookie_secret": "for a test",
    "client_id": "geozones",
    "client_secret": "for a test",
    "server_metadata_url": "http://127.0.0.1:9/.well-known/openid-configuration",
}


@pytest.fixture(autouse=True)
def _store_closed() -> Iterator[None]:
    opened_data.store.clear()
    yield
    opened_data.store.clear()


def test_without_a_login_whoever_is_at_the_machine_is_a_planner() -> None:
    app = opened(mode="modifier")
    choose(app, lycee="0720012X")
    aim(app, "SAR-4")
    app.button(key="atelier.deplacer").click().run()
    assert "1 changement fait" in plain(open_drawer(app))


PAGES = ("carte", "equipes", "scenarios", "partager", "donnees")
REFUSED = ">Connexion obligatoire</h1>"
TECHNICIAN = "Grace Hopper"
#: What a session holds where each mode, or part of a page, was asked for: by an old address too.
WITHIN: tuple[tuple[str, object], ...] = (
    *(("carte", MapView(mode=mode)) for mode in Mode),
    ("carte", MapView(colouring="worst_releve_minutes")),
    ("carte", MapView(colouring=ACCESS)),
    ("partager", ShareView(part="webinaire", linked=True)),
    ("donnees", DataView(part="minutes")),
)
#: What the page of a shared link says, and no other.
SHARED = "Ce qui est proposé"
#: Titles of the page of a link that leads nowhere, and of one that was withdrawn.
UNKNOWN, CLOSED = ">Lien introuvable</h1>", ">Lien fermé</h1>"


def visited(page: str, *records: object, **query: str) -> AppTest:
    """A page as someone who is not logged in sees it, with what the session holds."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.secrets["auth"] = LOGIN
    app = app.run().switch_page(f"pages/{page}.py")
    for record in records:
        app.session_state[f"geozones.{type(record).__name__}"] = record
        if isinstance(record, ShareView | DataView):
            app.query_params["partie"] = record.part
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


@pytest.fixture
def kept(service: Scenarios) -> str:
    """The id of a scenario of someone else, with a post of which the technician has a name."""
    work = service.record(service.new(), "move", {"moves": {"0720012X": "SAR-4"}})
    post = post_to_json(Post("tip-1", "SAR-4", cells=(FREE,) * SLOTS))
    work = service.record(work, "set_posts", {"zones": ["SAR-4"], "posts": [post]})
    write_holders({"tip-1": TECHNICIAN})
    return work.scenario.id


@pytest.fixture
def secret(service: Scenarios) -> str:
    """The name of a scenario that no link shows."""
    work = service.record(service.new(), "move", {"moves": {"0720012X": "SAR-1"}})
    service.describe(work, name="Variante confidentielle")
    return "Variante confidentielle"


def refuses(app: AppTest, *secrets: str) -> None:
    """Check that a page says that one must log in, and sends nothing else."""
    assert not app.exception
    assert REFUSED in said(app)
    assert [button.label for button in app.button] == ["Se connecter"]
    assert not [*app.selectbox, *app.segmented_control, *app.get("component_instance")]
    assert 'class="gz-figures"' not in said(app)
    assert 'class="gz-card' not in said(app)
    for word in secrets:
        assert word not in everything(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_reads_no_page(page: str, kept: str, secret: str) -> None:
    refuses(visited(page, scenario=kept), kept, secret, TECHNICIAN)


@pytest.mark.parametrize(("page", "record"), WITHIN)
def test_a_visitor_reads_no_mode_and_no_part_of_a_page(
    page: str, record: object, kept: str, secret: str
) -> None:
    refuses(visited(page, record, scenario=kept), kept, secret, TECHNICIAN)


@pytest.mark.parametrize("mode", list(Mode))
def test_a_visitor_reads_no_mode_that_the_address_asks_for(mode: Mode, kept: str) -> None:
    refuses(visited("carte", scenario=kept, mode=mode), kept, TECHNICIAN)


def shows_one_version(app: AppTest, *secrets: str) -> None:
    """Check that a page shows the version of a link, and has nothing that leads elsewhere."""
    assert not app.exception
    assert SHARED in said(app)
    assert {group.label for group in app.segmented_control} <= {"Plan à l'écran"}
    assert not [*app.selectbox, *app.button, *app.text_input, *app.checkbox, *app.get("page_link")]
    for word in (*secrets, TECHNICIAN):
        assert word not in everything(app)


@pytest.mark.parametrize("page", slow_but(["carte", "scenarios"], "carte"))
def test_a_link_shows_its_version_on_any_page_and_nothing_else(
    page: str, kept: str, secret: str, service: Scenarios
) -> None:
    token = service.links.freeze(service.open(kept))
    hidden = next(entry.id for entry in service.list() if entry.name == secret)
    app = visited(page, version=token, scenario=hidden, mode="modifier", partie="moteurs")
    shows_one_version(app, kept, secret, hidden)


def test_whoever_may_change_everything_has_no_tool_on_the_page_of_a_link(
    kept: str, secret: str, service: Scenarios
) -> None:
    token = service.links.freeze(service.open(kept))
    shows_one_version(opened("scenarios", version=token), kept, secret)


def test_a_login_that_ended_leaves_a_frozen_version_nothing_of_the_session(
    kept: str, secret: str, service: Scenarios
) -> None:
    token = service.links.freeze(service.open(kept))
    hidden = next(entry.id for entry in service.list() if entry.name == secret)
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["scenario"] = hidden
    app.run()
    assert secret in everything(app)
    app.secrets["auth"] = LOGIN
    app.query_params.pop("scenario", None)
    app.query_params["version"] = token
    app.run()
    shows_one_version(app, secret, hidden)


def make_gestures() -> None:
    """Do on the map of a shared link all that changes a scenario on that of the page Carte."""
    import streamlit as st  # noqa: PLC0415 - AppTest runs the text of this function alone

    from geozones.ui import current_scenario, state  # noqa: PLC0415
    from geozones.ui.shared_pages import on_event  # noqa: PLC0415
    from geozones.ui.state.page_views import SharedView  # noqa: PLC0415

    before = current_scenario.current()
    for event in (
        {"event": "undo"},
        {"event": "redo"},
        {"event": "drop", "id": "0720012X", "lat": 47.5, "lon": 0.1, "zone": "SAR-1"},
        {"event": "place", "id": "0720012X", "lat": 47.5, "lon": 0.1},
        {"event": "pick-many", "ids": ["0720012X"]},
        {"event": "go", "id": "put:0720012X:SAR-1"},
        {"event": "zone", "id": {"a": 1}},
        {"event": "lycee"},
    ):
        on_event(current_scenario.study(), event)
    st.write("same" if current_scenario.current() == before else "changed")
    st.write(state.of(SharedView) == SharedView())


def test_gestures_on_a_frozen_version_change_nothing(kept: str, service: Scenarios) -> None:
    before = service.open(kept).timeline
    app = AppTest.from_function(make_gestures, default_timeout=60)
    app.query_params["scenario"] = kept
    app.run()
    assert not app.exception
    assert [text.value for text in app.markdown] == ["same", "`True`"]
    after = service.open(kept).timeline
    assert (after.head, after.events) == (before.head, before.events)


def test_a_link_that_is_wrong_or_withdrawn_says_so_and_no_more(
    kept: str, secret: str, service: Scenarios
) -> None:
    withdrawn = service.links.freeze(service.open(kept))
    service.links.withdraw(withdrawn)
    for token, why in (
        (kept, "ne mène à aucun scénario"),
        ("x" * 32, "ne mène à aucun scénario"),
        ("../../etc<b>", "ne mène à aucun scénario"),
        (withdrawn, "a été retiré"),
    ):
        app = visited("scenarios", version=token)
        assert (CLOSED if token == withdrawn else UNKNOWN) in said(app)
        assert why in said(app)
        assert not [*app.button, *app.selectbox, *app.segmented_control, *app.get("page_link")]
        for word in (kept, secret, TECHNICIAN, "Rattacher"):
            assert word not in everything(app)


def led(path: str, **query: str) -> AppTest:
    """What an old address leads someone to who is not logged in."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.secrets["auth"] = LOGIN
    app.run()
    at_address(app, path)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


@pytest.mark.parametrize("path", OLD_ADDRESSES)
def test_an_old_address_opens_no_more_than_what_took_its_place(
    path: str, kept: str, secret: str
) -> None:
    refuses(led(path, scenario=kept), kept, secret, TECHNICIAN)


@pytest.mark.slow
def test_an_old_address_of_a_frozen_version_only_shows_it(
    kept: str, secret: str, service: Scenarios
) -> None:
    app = led("webinaire", version=service.links.freeze(service.open(kept)))
    shows_one_version(app, kept, secret)


@pytest.fixture
def unfinished_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A secrets file that is no TOML."""
    broken = tmp_path / "secrets.toml"
    broken.write_text('[auth]\nredirect_uri = "unfinished')
    monkeypatch.setattr(st.secrets, "_secrets", None)
    before = st.get_option("secrets.files")
    st.config.set_option("secrets.files", [str(broken)])
    yield
    st.config.set_option("secrets.files", before)


@pytest.mark.usefixtures("unfinished_secrets")
def test_a_secrets_file_that_cannot_be_read_does_not_make_everyone_an_administrator() -> None:
    app = opened()
    assert "ne peut pas être lu" in said(app)
    assert not app.button
