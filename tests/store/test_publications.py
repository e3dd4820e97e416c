"""Publications are kept in order, one after the other, on every store; none is ever lost."""

import json
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from geozones.common.errors import InputError
from geozones.common.files import new_code
from geozones.domain import (
    Event,
    Publication,
    PublicationConflictError,
    Scenario,
    UnknownPublicationError,
)
from geozones.domain.access import StoreCaller
from geozones.domain.publications import Approval
from geozones.features.publications.use_cases import append
from geozones.store import Store, open_store
from geozones.store.feature_rows import write_missing_approvals
from geozones.workspace.ledger import fingerprint_of
from helpers.slow_params import slow_but
from helpers.stored import StoredLinks, StoredScenarios, never_approved_in, published_in

#: What is refused or damaged is found by the same code on both; tests of locks say that they run
#: on both.
DATABASES = slow_but(["sqlite", "postgresql"], "sqlite")

type Make[T] = Callable[..., T]
AWKWARD = "Comité « N° 1 » — <b>x</b>\n=1+1;\"'; DROP TABLE geozones_publications; -- 🏫 %s {} \\"


ADA, EVE = (StoreCaller(f"{name}@r.example", everything=True) for name in ("ada", "eve"))


def publication(**fields: Any) -> Publication:
    usual = {
        "id": new_code(),
        "effective": "2026-09-01",
        "author": "Ada",
        "plan": {"format": "geozones.plan", "version": 1, "sectors": []},
        "approved_by": "Grace Hopper",
    }
    return Publication(**{**usual, **fields})


def waiting() -> Publication:
    """A publication that waits for a second approval, as earlier versions made them."""
    return publication(author=ADA.name, needs_approval=True)


def approve(store: Store, asked: Publication) -> None:
    """Write the second approval of a publication, as earlier versions did."""
    with store.context.writing() as connection:
        write_missing_approvals(connection, [Approval(asked.id, "Eve", "2026-08-31T10:00:00Z")])


def withdrawal(of: Publication, **fields: Any) -> Publication:
    return publication(**{"withdraws": of.id, "plan": {}, "approved_by": "", **fields})


def test_a_publication_is_read_as_it_was_written(store: Store) -> None:
    asked = publication(
        plan={"zones": [{"name": AWKWARD + "\0", "x": [1, 2.5, None, True]}]},
        approved_by=AWKWARD,
        reference=AWKWARD,
        note=AWKWARD,
    )
    kept = append(store.context, asked, expected_last=0)
    assert kept == replace(asked, position=1, at=kept.at)
    assert published_in(store) == (kept,)


def test_a_publication_freezes_the_version_of_the_scenario_it_is_of(
    store: Store, scenario_of: Make[Scenario], event_of: Make[Event]
) -> None:
    created = StoredScenarios(store).create(scenario_of(events=(event_of("a"),), head="a"))
    kept = append(
        store.context, publication(scenario=created.id, scenario_version=1), expected_last=0
    )
    StoredScenarios(store).append(created.id, [event_of("b", "a")], "b", version=1)
    StoredScenarios(store).delete(created.id)
    assert StoredLinks(store).get(kept.frozen) == replace(created, id=kept.frozen)
    assert published_in(store) == (kept,)


def test_the_last_publication_is_named(store: Store) -> None:
    assert fingerprint_of(store) == ""
    first = append(store.context, publication(effective="2027-09-01"), expected_last=0)
    assert fingerprint_of(store) == first.id
    second = append(store.context, publication(effective="2026-09-01"), expected_last=1)
    assert fingerprint_of(store) == second.id


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_what_was_never_approved_is_left_aside_until_it_is_withdrawn(store: Store) -> None:
    waits = append(store.context, waiting(), expected_last=0)
    had = append(store.context, waiting(), expected_last=1)
    approve(store, had)
    assert published_in(store) == (had,)
    assert never_approved_in(store) == (waits,)
    taken_back = append(store.context, withdrawal(waits), expected_last=2)
    assert published_in(store) == (waits, had, taken_back)
    assert never_approved_in(store) == ()


def test_a_backup_brings_back_what_waits_for_an_approval_and_what_had_one(
    store: Store, tmp_path: Path
) -> None:
    waits = append(store.context, waiting(), expected_last=0)
    had = append(store.context, waiting(), expected_last=1)
    approve(store, had)
    store.backup(tmp_path / "all.json")
    document = json.loads((tmp_path / "all.json").read_text())
    assert document["version"] == 4
    assert [entry["publication"] for entry in document["approvals"]] == [had.id]
    with closing(open_store(f"sqlite:///{tmp_path / 'empty.db'}")) as empty:
        for _ in range(2):
            assert empty.restore(tmp_path / "all.json").left_out == ()
            assert published_in(empty) == (had,)
            assert never_approved_in(empty) == (waits,)
        empty.backup(tmp_path / "again.json")
    again = json.loads((tmp_path / "again.json").read_text())
    assert again["approvals"] == document["approvals"]


def test_a_backup_with_kept_figures_is_of_the_version_that_knows_them(
    store: Store, scenario_of: Make[Scenario], tmp_path: Path
) -> None:
    made = StoredScenarios(store).create(scenario_of())
    figures = {"method": 2, "areas": {"region": {"metrics": {"road_hours": 1.5, "pair": ["a"]}}}}
    asked = publication(scenario=made.id, scenario_version=1, figures=figures)
    kept = append(store.context, asked, expected_last=0, figures={"method": 2, "day": "x"})
    token = StoredLinks(store).freeze(made.id, version=1, figures=figures)
    store.backup(tmp_path / "all.json")
    assert json.loads((tmp_path / "all.json").read_text())["version"] == 5
    with closing(open_store(f"sqlite:///{tmp_path / 'empty.db'}")) as empty:
        empty.restore(tmp_path / "all.json")
        assert published_in(empty) == (kept,)
        assert kept.figures == figures
        assert StoredLinks(empty).figures(token) == figures
        assert StoredLinks(empty).figures(kept.frozen) == {"method": 2, "day": "x"}


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_a_withdrawal_is_one_more_publication_and_happens_once(store: Store) -> None:
    first = append(store.context, publication(), expected_last=0)
    taken_back = append(store.context, withdrawal(first, note="erreur de date"), expected_last=1)
    assert published_in(store) == (first, taken_back)
    with pytest.raises(InputError, match="déjà retiré"):
        append(store.context, withdrawal(first), expected_last=2)
    for lost in ("nulle-part", "livree", taken_back.id):
        with pytest.raises(UnknownPublicationError, match="Aucune publication"):
            append(store.context, withdrawal(replace(first, id=lost)), expected_last=2)
    assert published_in(store) == (first, taken_back)


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_of_administrators_who_publish_at_once_one_does_and_the_others_are_told(
    opened: Make[Store], url: str
) -> None:
    stores = [opened(url) for _ in range(4)]
    start = threading.Barrier(len(stores))
    done: list[Publication] = []
    told: list[PublicationConflictError] = []
    unexpected: list[BaseException] = []

    def publish(store: Store) -> None:
        start.wait()
        try:
            done.append(append(store.context, publication(), expected_last=0))
        except PublicationConflictError as error:
            told.append(error)
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            unexpected.append(error)

    threads = [threading.Thread(target=publish, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not unexpected
    assert (len(done), len(told)) == (1, 3)
    assert published_in(stores[0]) == tuple(done)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"id": "a/b"}, "« id » doit être un code"),
        ({"id": "livree"}, "plan livré"),
        ({"effective": "demain"}, "pas un jour"),
        ({"effective": "2026-02-30"}, "pas un jour"),
        ({"author": "\ud800"}, "illisible"),
        ({"approved_by": "a\0b"}, "illisible"),
        ({"reference": 3}, "doit être un texte"),
        ({"scenario_version": -1}, "« scenario_version »"),
        ({"plan": {"x": float("nan")}}, "JSON"),
        ({"plan": {}}, "avoir un plan, ou en retirer un"),
        ({"withdraws": "x"}, "avoir un plan, ou en retirer un"),
        ({"withdraws": "a/b", "plan": {}}, "« withdraws »"),
    ],
)
def test_a_publication_that_cannot_be_kept_is_refused(
    store: Store, wrong: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        append(store.context, publication(**wrong), expected_last=0)
    assert published_in(store) == ()


# -- backups -----------------------------------------------------------------------------------


@pytest.fixture
def file(store: Store, scenario_of: Make[Scenario], tmp_path: Path) -> Path:
    """A backup of two publications, the first of them withdrawn."""
    created = StoredScenarios(store).create(scenario_of(id="first"))
    first = append(
        store.context, publication(id="p1", scenario="first", scenario_version=1), expected_last=0
    )
    append(store.context, publication(id="p2", effective="2027-01-04"), expected_last=1)
    append(store.context, withdrawal(first, id="w"), expected_last=2)
    assert created.version == 1
    return store.backup(tmp_path / "sauvegarde.json").path


@pytest.fixture
def empty(opened: Make[Store], tmp_path: Path) -> Store:
    """Another store, with nothing in it."""
    return opened(tmp_path / "empty.db")


def test_a_backup_brings_publications_back_in_their_order(
    store: Store, file: Path, empty: Store
) -> None:
    assert empty.restore(file).publications == 3
    assert published_in(empty) == published_in(store)
    copy = published_in(store)[0].frozen
    assert StoredLinks(empty).get(copy) == StoredLinks(store).get(copy)
    again = empty.restore(file)
    assert (again.publications, again.skipped) == (0, 1)
    assert published_in(empty) == published_in(store)


def test_a_backup_over_other_publications_leaves_them_and_brings_the_rest(
    file: Path, empty: Store
) -> None:
    mine = append(empty.context, publication(), expected_last=0)
    done = empty.restore(file)
    assert [notice.key for notice in done.left_out] == ["p1", "p2", "w"]
    assert all("dans une base neuve" in notice.reason for notice in done.left_out)
    assert published_in(empty) == (mine,)
    assert [line.id for line in StoredScenarios(empty).list(archived=True)] == ["first"]


@pytest.mark.parametrize(
    ("number", "field", "value", "word"),
    [
        (0, "plan", [], "« plan »"),
        (0, "effective", "hier", "pas un jour"),
        (0, "position", 0, "« position »"),
        (1, "position", 1, "déjà une fois"),
        (1, "id", "p1", "déjà une fois"),
        (0, "id", ["x"], "« id »"),
        (0, "extra", 1, "« extra » est inconnu"),
        (2, "withdraws", "nulle-part", "n'y est pas"),
    ],
)
def test_one_wrong_publication_is_left_out_with_what_withdraws_it(
    file: Path, empty: Store, number: int, field: str, value: object, word: str
) -> None:
    document = json.loads(file.read_text())
    document["publications"][number][field] = value
    file.write_text(json.dumps(document))
    first, *others = empty.restore(file).left_out
    assert word in first.reason
    gone = {0: ["p1", "w"], 1: ["p2"], 2: ["w"]}[number]
    assert len(others) == len(gone) - 1
    assert [entry.id for entry in published_in(empty)] == [
        each for each in ("p1", "p2", "w") if each not in gone
    ]
