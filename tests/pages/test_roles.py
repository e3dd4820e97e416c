"""With a login set up, whoever is not logged in sees nothing but the frozen versions they have."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geozones.domain.post_documents import post_to_json
from geozones.domain.teams import FREE, SLOTS, Post
from geozones.ui.old_addresses import OLD_ADDRESSES
from geozones.ui.state.views import DataView, MapView, Mode, ShareView
from geozones.ui.views.carte.shown import ACCESS
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.staffing.holder_names import write_names
from helpers.one_navigation import at_address

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


def test_without_a_login_whoever_is_at_the_machine_is_a_planner() -> None:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["mode"] = "modifier"
    app.run()
    app.selectbox(key="Selection.search").select("lycee:0720012X").run()
    app.selectbox(key="Selection.target").select("SAR-4").run()
    app.button(key="atelier.deplacer").click().run()
    assert not app.exception
    said = texts(app)
    assert "passe de Sablé – La Flèche – Montval" in said
    assert "1 changement fait" in said.replace("\u00a0", " ")


PAGES = ("carte", "equipes", "scenarios", "partager", "donnees")
REFUSED = ">Connexion obligatoire</h1>"
TECHNICIAN = "Grace Hopper"
#: What a session holds where each mode, or part of a page, was asked for: by an old address too.
WITHIN: tuple[tuple[str, object], ...] = (
    *(("carte", MapView(mode=mode)) for mode in Mode),
    ("carte", MapView(colouring="max_minutes")),
    ("carte", MapView(colouring=ACCESS)),
    ("partager", ShareView(part="webinaire", linked=True)),
    *(("donnees", DataView(part=part)) for part in ("fiabilite", "pointe", "moteurs")),
)
#: The pages that a frozen version opens, with all that may be asked of them.
SHOWN = (
    *((page, None) for page in ("carte", "partager")),
    *((page, record) for page, record in WITHIN if page != "donnees"),
)


def visited(page: str, *records: object, login: bool = True, **query: str) -> AppTest:
    """A page as someone who is not logged in sees it, with what the session holds."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    if login:
        app.secrets["auth"] = LOGIN
    app = app.run().switch_page(f"pages/{page}.py")
    for record in records:
        app.session_state[f"geozones.{type(record).__name__}"] = record
        if isinstance(record, ShareView | DataView):
            app.query_params["partie"] = record.part
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def everything(app: AppTest) -> str:
    """All that was sent to the browser."""
    return " ".join(str(element.proto) for element in app.main)


@pytest.fixture
def kept(service: Scenarios) -> str:
    """The id of a scenario of someone else, with a post of which the technician has a name."""
    work = service.record(service.new(), "move", {"moves": {"0720012X": "SAR-4"}})
    post = post_to_json(Post("tip-1", "SAR-4", cells=(FREE,) * SLOTS))
    work = service.record(work, "set_posts", {"zones": ["SAR-4"], "posts": [post]})
    assert work.scenario is not None
    write_names(LOCAL, {"tip-1": TECHNICIAN})
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
    assert REFUSED in texts(app)
    assert [button.label for button in app.button] == ["Se connecter"]
    assert not [*app.selectbox, *app.segmented_control, *app.get("component_instance")]
    assert 'class="gz-figures"' not in texts(app)
    assert 'class="gz-card' not in texts(app)
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


@pytest.mark.parametrize(("page", "record"), SHOWN)
def test_a_visitor_reads_the_frozen_version_of_a_link_and_no_id_that_edits(
    page: str, record: object | None, kept: str, secret: str, service: Scenarios
) -> None:
    token = service.freeze(service.open(kept))
    app = visited(page, *([] if record is None else [record]), version=token)
    assert not app.exception
    assert REFUSED not in texts(app)
    assert "Version figée" in everything(app)
    assert kept not in everything(app)
    assert secret not in everything(app)
    assert TECHNICIAN not in everything(app)


@pytest.mark.parametrize("page", ["carte", "partager"])
def test_a_login_that_ended_leaves_a_frozen_version_nothing_of_the_session(
    page: str, kept: str, secret: str, service: Scenarios
) -> None:
    token = service.freeze(service.open(kept))
    hidden = next(entry.id for entry in service.list() if entry.name == secret)
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["scenario"] = hidden
    app.run()
    assert secret in everything(app)
    app.secrets["auth"] = LOGIN
    app.switch_page(f"pages/{page}.py")
    app.query_params.pop("scenario", None)
    app.query_params["version"] = token
    app.run()
    assert "Version figée" in everything(app)
    assert secret not in everything(app)
    assert hidden not in everything(app)


#: What changes a scenario, opens another one or lists them.
EDITS = {"Mode", "Plan à l'écran", "Comparer avec"}
STORY = ("webinaire.ajouter", "webinaire.enregistrer", "webinaire.proposer")
EDITING = ("atelier.", "propositions.", "scenario.", "carte.decouper", "plusieurs.", *STORY)


@pytest.mark.parametrize("login", [True, False], ids=["visitor", "planner"])
@pytest.mark.parametrize("mode", list(Mode))
def test_a_frozen_version_is_only_looked_at(
    mode: Mode, kept: str, secret: str, service: Scenarios, *, login: bool
) -> None:
    token = service.freeze(service.open(kept))
    asked = MapView(mode=mode, reference=kept)
    app = visited("carte", asked, login=login, version=token, mode=mode)
    assert not app.exception
    assert 'data-mode="regarder"' in texts(app)
    drawn = [*app.selectbox, *app.segmented_control, *app.button]
    assert not EDITS & {widget.label for widget in drawn}
    assert not [widget.key for widget in drawn if str(widget.key).startswith(EDITING)]
    assert 'class="gz-change' not in texts(app)  # nothing is compared with it
    choices = [name for box in app.selectbox for name in box.options]
    assert choices
    assert not any(secret in name for name in choices)


def make_gestures() -> None:
    """Do on the map, at the address of a frozen version, all that changes a scenario."""
    import streamlit as st  # noqa: PLC0415 - AppTest runs the text of this function alone

    from geozones.ui import current_scenario, state  # noqa: PLC0415
    from geozones.ui.state.views import MapView, Mode, MoveView, Selection  # noqa: PLC0415
    from geozones.ui.views.carte.gestures import on_event  # noqa: PLC0415

    before = current_scenario.current()
    state.update(MapView, mode=Mode.EDIT)
    plan = current_scenario.study().territory.lycees["0490003M"]
    for event in (
        {"event": "undo"},
        {"event": "redo"},
        {"event": "drop", "id": "0720012X", "lat": plan.lat, "lon": plan.lon},
        {"event": "place", "id": "0720012X", "lat": plan.lat, "lon": plan.lon},
        {"event": "pick", "id": "0720012X"},
        {"event": "pick-many", "ids": ["0720012X"]},
        {"event": "destinations", "id": "0720012X"},
    ):
        on_event(current_scenario.study(), event)
    st.write("same" if current_scenario.current() == before else "changed")
    st.write(state.of(MoveView).picked == () and state.of(Selection).lycee is None)


def test_gestures_on_a_frozen_version_change_nothing(kept: str, service: Scenarios) -> None:
    token = service.freeze(service.open(kept))
    before = service.open(kept).timeline
    app = AppTest.from_function(make_gestures, default_timeout=60)
    app.query_params["scenario"] = kept
    app.query_params["version"] = token
    app.run()
    assert not app.exception
    assert [text.value for text in app.markdown] == ["same", "`True`"]
    after = service.open(kept).timeline
    assert (after.head, after.events) == (before.head, before.events)


@pytest.mark.parametrize(("page", "record"), SHOWN)
def test_a_link_to_no_frozen_version_opens_nothing(
    page: str, record: object | None, kept: str, secret: str
) -> None:
    records = [] if record is None else [record]
    for token in (kept, "x" * 32):
        refuses(visited(page, *records, version=token), secret, TECHNICIAN)


@pytest.mark.parametrize("page", ["equipes", "scenarios", "donnees"])
def test_a_frozen_version_opens_no_other_page(page: str, kept: str, service: Scenarios) -> None:
    token = service.freeze(service.open(kept))
    refuses(visited(page, version=token), kept, TECHNICIAN)


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


@pytest.mark.parametrize("path", OLD_ADDRESSES)
def test_an_old_address_of_a_frozen_version_only_shows_it(
    path: str, kept: str, secret: str, service: Scenarios
) -> None:
    app = led(path, version=service.freeze(service.open(kept)))
    assert not app.exception
    assert "Version figée" in everything(app)
    drawn = [*app.selectbox, *app.segmented_control, *app.button]
    assert not EDITS & {widget.label for widget in drawn}
    assert not [widget.key for widget in drawn if str(widget.key).startswith(EDITING)]
    for word in (kept, secret, TECHNICIAN):
        assert word not in everything(app)


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
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    (said,) = app.error
    assert "ne peut pas être lu" in said.value
    assert not app.button
