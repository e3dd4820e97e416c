"""« scenarios comments » and « opinions »: treated, asked and exported from a terminal."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from geozones.common.files import home_folder
from geozones.features.comments.use_cases import Comments
from geozones.store import Store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL, VISITOR
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.service import Scenarios
from helpers.feedback import StoredOpinions
from helpers.fixture_types import Refused, Run
from helpers.holders import write_holders

RACAN = "0720012X"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Store]:
    """The store of an installation without a public address."""
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GEOZONES_PUBLIC_URL", raising=False)
    made = open_store()
    yield made
    made.close()


@pytest.fixture
def shared(study: Study, store: Store) -> tuple[str, str]:
    """The id of a scenario, and the token of a version of it that takes comments."""
    scenarios = Scenarios(study.analysis, lambda: store, LOCAL)
    work = scenarios.record(scenarios.new(), "move", {"moves": {RACAN: "SAR-4"}})
    return work.saved.id, scenarios.links.freeze(work, comments=True)


def test_a_comment_is_ruled_on_and_exported_as_a_text(
    answer: Run, refused: Refused, study: Study, store: Store, shared: tuple[str, str]
) -> None:
    code, token = shared
    visitor = Comments(lambda: store, VISITOR)
    comment = visitor.leave(token, study, "zone:SAR-4", ("Ada", "=1+1"), "")
    assert "Le motif est vide" in refused(
        "scenarios", "comments", "rule", comment.id, "--as", "non-retenu"
    )
    ruled = answer(
        "scenarios", "comments", "rule", comment.id, "--as", "non-retenu", "--reason", "hors sujet"
    )
    assert ruled["comment"]["ruling"]["treatment"] == "non retenu"
    listed = answer("scenarios", "comments", "list", code)
    assert [each["text"] for each in listed["comments"]] == ["=1+1"]
    assert token not in str(listed)
    table = home_folder() / "c.csv"
    answer("scenarios", "comments", "export", code, "--out", str(table))
    (row,) = csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    assert row["texte"] == "'=1+1"


def test_personal_links_are_written_for_a_mail_merge_under_the_public_address(
    answer: Run,
    refused: Refused,
    store: Store,
    shared: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code, token = shared
    asked = (
        "scenarios",
        "opinions",
        "ask",
        token,
        "--question",
        "Favorable ?",
        "--until",
        "2099-01-01",
    )
    assert answer(*asked, "--lycees", RACAN) == {"asked": 1, "lycees": [RACAN]}
    links = home_folder() / "l.csv"
    wanted = ("scenarios", "opinions", "links", code, "--out", str(links))
    assert "GEOZONES_PUBLIC_URL" in refused(*wanted)
    monkeypatch.setenv("GEOZONES_PUBLIC_URL", "https://geozones.region.example")
    answer(*wanted)
    (link,) = csv.DictReader(links.read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    ((_, (opinion,)),) = StoredOpinions(store).personal_links(code)
    assert link["lien"] == f"https://geozones.region.example/?avis={opinion.token}"
    assert (link["uai"], link["commune"]) == (RACAN, "Montval-sur-Loir")


def test_a_name_is_erased_wherever_it_stands_and_the_log_says_how_many(
    answer: Run, refused: Refused, study: Study, store: Store, shared: tuple[str, str]
) -> None:
    visitor = Comments(lambda: store, VISITOR)
    visitor.leave(shared[1], study, "zone:SAR-4", ("Grace Hopper", "Trop loin."), "")
    write_holders({"p1": "grace hopper"})
    assert answer("admin", "erase", "Grace Hopper") == {
        "erased": 1, "comments": 1, "opinions": 0, "posts": 1, "journal": 0, "purged": True,
    }  # fmt: skip
    (entry,) = answer("scenarios", "log", "--limit", "1")["actions"]
    assert entry["text"] == "nom effacé : 1\u00a0commentaire et 1\u00a0poste"
    assert "Rien n'est signé" in refused("admin", "erase", "Grace Hopper")
