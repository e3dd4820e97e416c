"""Every use case with every kind of caller, compared with the table of docs/service.md."""

import inspect
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from geozones.common.files import new_code
from geozones.domain import ScenarioStatus
from geozones.domain.access import EVERYONE, Access, AccessError, DeadLinkError
from geozones.domain.comments import Stance, Treatment
from geozones.domain.places import Spot
from geozones.features.comments.model import UnknownOpinionError
from geozones.features.comments.use_cases import Comments, Opinions, feedback_of, feedback_on
from geozones.features.experiment.use_cases import Journals
from geozones.features.publications.model import Terms
from geozones.features.publications.use_cases import Publications
from geozones.features.webinar.use_cases import standing_of
from geozones.store import Store
from geozones.workspace.figures.study import Study
from geozones.workspace.ledger import read_ledger
from geozones.workspace.reachability.matrix import MinutesSources, build_first_matrix, build_matrix
from geozones.workspace.roles import (
    LOCAL,
    VISITOR,
    Actor,
    Link,
    NotAllowedError,
    Role,
    UndeclaredUseCaseError,
    UseCases,
    need_of,
    needs,
    needs_link,
)
from geozones.workspace.scenarios.backups import (
    open_store,
)
from geozones.workspace.scenarios.links import linked
from geozones.workspace.scenarios.open_scenario import Work, scenario_document
from geozones.workspace.scenarios.presence import Company, meet
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.exported_plan import open_exported_plan
from geozones.workspace.upkeep import erase_person, run_nightly
from helpers.use_cases import CALLERS, public_functions, rights, use_cases

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
DAY = "2026-06-10"
ADMINISTRATOR = Actor("admin@r.example", Role.ADMINISTRATOR)
OWNER = Actor("owner@r.example", Role.PLANNER)
#: What the owner allows; the reader may edit, by what they say, and may not, by their role.
MEMBERS = {
    ADMINISTRATOR.name: Access.READER,
    OWNER.name: Access.OWNER,
    "editor@r.example": Access.EDITOR,
    "looks@r.example": Access.READER,
    "reader@r.example": Access.EDITOR,
}
ACTORS = {
    "administrator": ADMINISTRATOR,
    "owner": OWNER,
    "editor": Actor("editor@r.example", Role.PLANNER),
    "planner who may read": Actor("looks@r.example", Role.PLANNER),
    "planner without share": Actor("else@r.example", Role.PLANNER),
    "reader": Actor("reader@r.example", Role.READER),
}
ABSENCES = b"Technicien;Du;Au;Motif\nTechnicien 001;01/06/2026;02/06/2026;\n"
#: What keeps a caller out; anything else is a fault of the walk.
REFUSALS = (NotAllowedError, AccessError, DeadLinkError, UnknownOpinionError)


@dataclass(frozen=True)
class World:
    """A store with one of everything, and what is asked of it."""

    study: Study
    store: Store
    folder: Path
    work: Work
    retained: Work
    version: str
    opinion: str
    comment: str
    publication: str

    @property
    def key(self) -> str:
        return self.work.saved.id


@dataclass(frozen=True)
class StoreCaller:
    """Someone who asks, with the link that they have."""

    world: World
    name: str

    @property
    def actor(self) -> Actor:
        return ACTORS.get(self.name, VISITOR)

    def token(self, link: Link) -> str:
        """What they hold for a link: theirs, whatever it is of; anyone logged in has both."""
        world = self.world
        real = world.version if link is Link.VERSION else world.opinion
        held = {
            "link of a version": world.version,
            "embedded version": world.version,
            "link of an opinion": world.opinion,
            "link of a scenario": world.key,
            "nobody": new_code(24),
        }
        return held.get(self.name, real)

    def opener(self) -> Store:
        return self.world.store

    @property
    def scenarios(self) -> Scenarios:
        return Scenarios(self.world.study.analysis, self.opener, self.actor, lambda: NOW)

    @property
    def comments(self) -> Comments:
        return Comments(self.opener, self.actor, lambda: NOW)

    @property
    def opinions(self) -> Opinions:
        return Opinions(self.opener, self.actor, lambda: NOW)

    @property
    def publications(self) -> Publications:
        return Publications(self.world.study.analysis, self.opener, self.actor, lambda: NOW)

    @property
    def journals(self) -> Journals:
        return Journals(self.opener, self.actor, NOW.date())

    @property
    def fresh(self) -> Work:
        """A work of their own."""
        return self.scenarios.new()


def moved(work: Work) -> tuple[Work, str, dict[str, object]]:
    return work, "move", {"moves": {"D": "N1"}}


def taken_over(who: StoreCaller) -> object:
    """Replay a work of their own on another plan that came in force."""
    analysis = who.world.study.analysis
    held = analysis.baseline
    later = replace(held, plan=held.plan.move("D", "N1"), since="2026-06-01", earlier=(held,))
    service = Scenarios(analysis.with_baseline(later), who.opener, who.actor, lambda: NOW)
    return service.take_over(who.fresh)


#: How each use case is asked for.
CALLS: dict[str, Callable[[StoreCaller], object]] = {
    "Scenarios.list": lambda who: who.scenarios.list(),
    "Scenarios.damaged": lambda who: who.scenarios.damaged(),
    "Scenarios.new": lambda who: who.scenarios.new(),
    "Scenarios.open": lambda who: who.scenarios.open(who.world.key),
    "Links.open": lambda who: who.scenarios.links.open(who.token(Link.VERSION)),
    "Scenarios.left_out": lambda who: who.scenarios.left_out(who.world.key),
    "Links.of_scenario": lambda who: who.scenarios.links.of_scenario(who.world.key),
    "Links.frozen_version": lambda who: who.scenarios.links.frozen_version(who.world.work),
    "Scenarios.members": lambda who: who.scenarios.members(who.world.key),
    "Scenarios.access": lambda who: who.scenarios.access(who.world.key),
    "Scenarios.actions": lambda who: who.scenarios.actions(who.world.key),
    "Scenarios.log_state": lambda who: who.scenarios.log_state(),
    "Scenarios.adopt": lambda who: who.scenarios.adopt(who.fresh, "Le mien"),
    "Scenarios.save": lambda who: who.scenarios.save(who.fresh),
    "Scenarios.caught_up": lambda who: behind(who.scenarios.caught_up(who.world.work)),
    "Scenarios.deleted": lambda who: who.scenarios.deleted(who.world.work),
    "Scenarios.rebase": lambda who: who.scenarios.rebase(who.fresh),
    "Scenarios.take_over": taken_over,
    "Scenarios.branch_off": lambda who: who.scenarios.branch_off(who.world.work),
    "Scenarios.record": lambda who: who.scenarios.record(*moved(who.fresh)),
    "Scenarios.place": lambda who: who.scenarios.place(
        who.fresh, "D", Spot(-1.5, 0.5), insist=True
    ),
    "Scenarios.undoable": lambda who: who.scenarios.undoable(who.world.work),
    "Scenarios.redoable": lambda who: who.scenarios.redoable(who.world.work),
    "Scenarios.step": lambda who: who.scenarios.step(who.fresh, "undo"),
    "Scenarios.jump": lambda who: who.scenarios.jump(who.fresh, None),
    "Scenarios.describe": lambda who: who.scenarios.describe(who.world.work, name="Autre"),
    "Scenarios.archive": lambda who: who.scenarios.archive(who.world.work, archived=True),
    "Scenarios.decide": lambda who: who.scenarios.decide(
        who.world.work, who.world.work.saved.status, "vu"
    ),
    "Scenarios.duplicate": lambda who: who.scenarios.duplicate(who.world.work),
    "Scenarios.delete": lambda who: who.scenarios.delete(who.world.key),
    "Scenarios.open_to": lambda who: who.scenarios.open_to(
        who.world.key, {OWNER.name: Access.OWNER}
    ),
    "Links.freeze": lambda who: who.scenarios.links.freeze(who.world.work),
    "Links.withdraw": lambda who: who.scenarios.links.withdraw(who.world.version),
    "Scenarios.export": lambda who: who.scenarios.export(who.world.work),
    "Scenarios.import_": lambda who: who.scenarios.import_(file_of(who.world.work)),
    "Publications.ledger": lambda who: who.publications.ledger(),
    "Publications.announce": lambda who: who.publications.announce(who.world.work, "2027-01-01"),
    "Publications.publish": lambda who: who.publications.publish(
        who.world.retained, Terms("2027-01-01", "la directrice"), insist=True
    ),
    "Publications.withdraw": lambda who: who.publications.withdraw(
        who.world.publication, "une erreur"
    ),
    "Comments.by_link": lambda who: who.comments.by_link(who.token(Link.VERSION)),
    "Comments.leave": lambda who: who.comments.leave(
        who.token(Link.VERSION), who.world.study, "lycee:A", ("Ada", "Trop loin."), ""
    ),
    "Comments.of_scenario": lambda who: who.comments.of_scenario(who.world.key),
    "Comments.waiting": lambda who: who.comments.waiting(),
    "Comments.allow": lambda who: who.comments.allow(who.world.version, allowed=False),
    "Comments.answer": lambda who: who.comments.answer(who.world.comment, "Merci."),
    "Comments.rule": lambda who: who.comments.rule(who.world.comment, Treatment.TAKEN, "vu"),
    "Comments.hide": lambda who: who.comments.hide(who.world.comment, "un nom"),
    "Comments.show": lambda who: who.comments.show(who.world.comment),
    "Comments.erase_name": lambda who: who.comments.erase_name(who.world.comment),
    "Opinions.ask": lambda who: who.opinions.ask(
        who.world.version, who.world.study, "Et maintenant ?", ["B"], "2026-07-01"
    ),
    "Opinions.questions": lambda who: without_a_link(who.opinions.questions(who.world.key)),
    "Opinions.personal_links": lambda who: who.opinions.personal_links(who.world.key),
    "Opinions.asked": lambda who: who.opinions.asked(who.token(Link.OPINION)),
    "Opinions.give": lambda who: who.opinions.give(
        who.token(Link.OPINION), Stance.OPPOSED, "loin", "Ada"
    ),
    "Journals.files": lambda who: who.journals.files(),
    "Journals.altered_months": lambda who: who.journals.altered_months(),
    "Journals.read": lambda who: who.journals.read(),
    "Journals.add": lambda who: who.journals.add(
        who.world.study, "b.csv", ABSENCES.replace(b"001", b"002")
    ),
    "Journals.drop": lambda who: who.journals.drop(),
    "build_matrix": lambda who: build_matrix(
        who.world.study.territory.drives,
        who.actor,
        ["estimate"],
        path=who.world.folder / "m.parquet",
        communes=False,
    ),
    "build_first_matrix": lambda who: build_first_matrix(
        who.world.study.territory.drives,
        who.actor,
        MinutesSources(engines=["estimate"]),
        path=who.world.folder / "m.parquet",
        communes=False,
    ),
    "erase_person": lambda who: erase_person(who.opener, who.actor, "Grace", who.world.folder),
    "linked": lambda who: linked(who.opener, who.token(Link.VERSION), DAY),
    "meet": lambda who: met(meet(who.scenarios, who.world.work, "s", Company(), NOW)),
    "open_exported_plan": lambda who: open_exported_plan(
        who.world.study.analysis, who.scenarios, who.world.key
    ),
    "run_nightly": lambda who: run_nightly(who.opener, who.actor, NOW.date()),
    "read_ledger": lambda who: read_ledger(who.world.study.atlas, who.opener, DAY),
    "standing_of": lambda who: standing_of(who.scenarios, who.world.work),
    "feedback_of": lambda who: without_a_link(feedback_of(who.scenarios, who.world.key).questions),
    "feedback_on": lambda who: something(feedback_on(who.opener, who.token(Link.VERSION)).comments),
}


def file_of(work: Work) -> bytes:
    return json.dumps(scenario_document(work.saved)).encode()


def behind(work: Work) -> None:
    """Raise what kept a use case from reading, where it tells it in the work."""
    if work.problem:
        raise AccessError(Access.READER)


def met(answer: tuple[Work, Company]) -> None:
    behind(answer[0])


def something(found: tuple[object, ...]) -> None:
    """Refuse where nothing is found: what a wrong link gives."""
    if not found:
        raise DeadLinkError


def without_a_link(questions: tuple[tuple[object, tuple[object, ...]], ...]) -> None:
    """Check that nothing that opens a personal link is told."""
    assert questions
    assert {opinion.token for _, opinions in questions for opinion in opinions} == {""}


def retained_of(service: Scenarios, lycee: str, members: Mapping[str, Access]) -> Work:
    """A retained scenario that moves a lycée of the toy region, shared with its members."""
    work = service.record(service.new(), "move", {"moves": {lycee: "S1"}})
    service.open_to(work.saved.id, members)
    return service.decide(work, ScenarioStatus.KEPT, "vu au comité")


@pytest.fixture(scope="module")
def template(toy: Study, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """A database with one of everything."""
    folder = tmp_path_factory.mktemp("rights")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("GEOZONES_HOME", str(folder))
        store = open_store(f"sqlite:///{folder}/template.db")
        mine = Scenarios(toy.analysis, lambda: store, OWNER, lambda: NOW)
        work = mine.record(mine.new(), "move", {"moves": {"E": "S1"}})
        mine.open_to(work.saved.id, MEMBERS)
        version = mine.links.freeze(work, comments=True)
        comments = Comments(lambda: store, VISITOR, lambda: NOW)
        comment = comments.leave(version, toy, "lycee:A", ("Grace", "Trop loin."), "")
        (asked,) = Opinions(lambda: store, OWNER, lambda: NOW).ask(
            version, toy, "Favorable ?", ["A"], "2026-07-01"
        )
        Journals(lambda: store, OWNER, NOW.date()).add(toy, "a.csv", ABSENCES)
        publications = Publications(toy.analysis, lambda: store, ADMINISTRATOR, lambda: NOW)
        retained, first = (retained_of(mine, lycee, MEMBERS) for lycee in "ED")
        made = publications.publish(first, Terms("2026-09-01", "la directrice"), insist=True)
        work = mine.open(work.saved.id)
        store.close()
    world = World(toy, store, folder, work, retained, version, asked.token, comment.id, made.id)
    return folder / "template.db", world


@pytest.fixture
def world(
    template: tuple[Path, World], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[World]:
    """That database, in a copy of its own."""
    file, world = template
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path))
    shutil.copyfile(file, tmp_path / "scenarios.db")
    shutil.copyfile(world.folder / "journal.key", tmp_path / "journal.key")
    store = open_store(f"sqlite:///{tmp_path}/scenarios.db")
    yield replace(world, store=store, folder=tmp_path)
    store.close()


def put_back(world: World, template: Path) -> None:
    """Have the database as it was before the first call."""
    world.store.close()
    for file in world.folder.glob("scenarios.db*"):
        file.unlink()
    shutil.copyfile(template, world.folder / "scenarios.db")


def content(world: World) -> tuple[str, ...]:
    """All that the database holds, but who has a scenario open."""
    with sqlite3.connect(world.folder / "scenarios.db") as connection:
        lines = tuple(connection.iterdump())
    connection.close()
    return tuple(line for line in lines if "geozones_presence" not in line)


def test_the_table_names_every_use_case_and_this_walk_asks_for_each() -> None:
    pages = {name for name in rights() if name[:1].islower() and name not in use_cases()}
    assert rights().keys() - pages == use_cases().keys()
    assert CALLS.keys() == use_cases().keys()
    assert len(use_cases()) > 60


@pytest.mark.parametrize("name", sorted(CALLS))
def test_each_kind_of_caller_does_what_the_table_says_and_no_more(
    name: str, world: World, template: tuple[Path, World]
) -> None:
    for caller in CALLERS:
        before = content(world)
        try:
            CALLS[name](StoreCaller(world, caller))
            allowed = True
        except REFUSALS:
            allowed = False
        assert allowed is rights()[name][caller], f"{name}, {caller}"
        after = content(world)
        if allowed and after != before:
            put_back(world, template[0])
        else:
            assert after == before, f"{name} was refused to {caller} and wrote"


#: What a planner may do with a scenario that is another's: never to that scenario itself.
CHANGES: dict[str, Callable[[StoreCaller], Work]] = {
    "record": lambda who: who.scenarios.record(*moved(who.world.work)),
    "place": lambda who: who.scenarios.place(who.world.work, "D", Spot(-1.5, 0.5), insist=True),
    "jump": lambda who: who.scenarios.jump(who.world.work, None),
    "branch_off": lambda who: who.scenarios.branch_off(who.world.work),
    "duplicate": lambda who: who.scenarios.duplicate(who.world.work),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("caller", ["planner who may read", "planner without share"])
def test_whoever_may_not_edit_a_scenario_changes_no_more_than_a_copy(
    change: str, caller: str, world: World
) -> None:
    admin = StoreCaller(world, "administrator")
    before = admin.scenarios.open(world.key).saved
    try:
        left = CHANGES[change](StoreCaller(world, caller))
        assert left.problem or left.saved.id != world.key
    except AccessError:
        pass
    assert admin.scenarios.open(world.key).saved == before


def test_a_public_function_that_is_told_who_asks_declares_what_it_needs() -> None:
    undeclared = [
        name
        for name, function in public_functions().items()
        if {"actor", "opener"} & set(inspect.signature(function).parameters)
        and need_of(function) is None
    ]
    assert undeclared == []


def test_a_class_of_use_cases_with_one_that_is_not_declared_cannot_be_made() -> None:
    with pytest.raises(UndeclaredUseCaseError, match=r"Forgotten\.read declares no need"):

        class Forgotten(UseCases):
            def read(self) -> object:
                return self.store()

    with pytest.raises(UndeclaredUseCaseError, match=r"Hidden\.all declares no need"):

        class Hidden(UseCases):
            @property
            def all(self) -> object:
                return self.store()


def test_the_store_opens_in_a_declared_use_case_only(world: World) -> None:
    who = StoreCaller(world, "administrator")
    with pytest.raises(UndeclaredUseCaseError):
        who.scenarios.store()

    class Declared(UseCases):
        @needs(Role.READER, Access.OWNER)
        def read(self, key: str) -> object:
            context = self.store().context
            with context.reading() as connection:
                context.require(connection, key, Access.READER)
            return key

    with pytest.raises(AccessError, match="Seul le propriétaire"):
        Declared(who.opener, ACTORS["editor"]).read(world.key)
    assert Declared(who.opener, OWNER).read(world.key)


def test_what_is_open_to_everyone_is_so_to_those_who_log_in_and_to_no_visitor(world: World) -> None:
    everyone = {OWNER.name: Access.OWNER, EVERYONE: Access.EDITOR}
    StoreCaller(world, "owner").scenarios.open_to(world.key, everyone)
    assert StoreCaller(world, "planner without share").scenarios.open(world.key)
    context = world.store.by(VISITOR.caller).context
    with context.reading() as connection:
        with pytest.raises(AccessError):
            context.require(connection, world.key, Access.READER)
        assert not context.readable(connection)(world.key)


def test_a_link_opens_the_store_as_to_a_guest_whoever_follows_it(world: World) -> None:
    def may_read(opened: Store) -> bool:
        with opened.context.reading() as connection:
            return opened.context.readable(connection)(world.key)

    class Shown(UseCases):
        @needs_link(Link.VERSION)
        def read(self) -> bool:
            return may_read(self.store())

    @needs_link(Link.VERSION)
    def read(opener: Callable[[], Store]) -> bool:
        return may_read(opener())

    assert may_read(world.store)
    assert not Shown(lambda: world.store, LOCAL).read()
    assert not read(lambda: world.store)


def test_no_page_opens_the_store_itself() -> None:
    package = Path(__file__).parents[2] / "src" / "geozones"
    folders = (package / "ui", package / "features", package.parents[1] / "pages")
    files = [file for folder in folders for file in folder.rglob("*.py")]
    assert len(files) > len(folders)
    assert [file.name for file in files if "kept.store()" in file.read_text("utf-8")] == []
