"""What a frozen version says has become of it, and what is then asked of its readers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from geozones.domain import Publication, ScenarioStatus
from geozones.features.publications.model import Terms
from geozones.features.publications.use_cases import Publications
from geozones.store import Store, open_store
from geozones.workspace.figures.study import Study
from geozones.workspace.ledger import read_ledger
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.exported_plan import asked_of, outcome_of, status_in_words

WAITING = "Scénario retenu, pas encore publié"


@dataclass
class Office:
    """A store where plans are proposed and published, on a day that the test sets."""

    study: Study
    store: Store
    day: int = 1
    scenarios: Scenarios = field(init=False)

    def __post_init__(self) -> None:
        self.scenarios = Scenarios(self.study.analysis, lambda: self.store, LOCAL, self.now)

    def now(self) -> datetime:
        return datetime(2026, 11, self.day, 9, 30, tzinfo=UTC)

    @property
    def publications(self) -> Publications:
        return Publications(self.study.analysis, lambda: self.store, LOCAL, self.now)

    def proposed(self, rank: int = 0) -> Work:
        """Propose another zone of its sector for a lycée."""
        home, away, *_ = self.study.plan.zones_of("maine-et-loire")
        lycee = self.study.plan.members(home.id)[rank]
        return self.scenarios.record(self.scenarios.new(), "move", {"moves": {lycee: away.id}})

    def retained(self, rank: int = 0) -> Work:
        """Retain that."""
        return self.scenarios.decide(self.proposed(rank), ScenarioStatus.KEPT, "vu au comité")

    def publish(self, work: Work, effective: str) -> Publication:
        return self.publications.publish(
            self.scenarios.open(work.saved.id), Terms(effective, "Grace Hopper"), insist=True
        )

    def said(self, token: str) -> tuple[str, str]:
        """The status and all that the page of a link says of a decision."""
        work = self.scenarios.links.open(token)
        ledger = read_ledger(self.study.atlas, lambda: self.store, self.now().date().isoformat())
        outcome = outcome_of(self.study.analysis, ledger, work)
        told = " ".join(asked_of(work, outcome)).replace("\u00a0", " ").replace("\u202f", " ")
        return status_in_words(work, outcome), told


@pytest.fixture
def office(study: Study, tmp_path: Path) -> Iterator[Office]:
    store = open_store(f"sqlite:///{tmp_path / 'scenarios.db'}")
    yield Office(study, store)
    store.close()


@pytest.mark.parametrize("by", ["link", "decision"])
def test_a_link_frozen_while_retained_says_that_it_was_published(office: Office, by: str) -> None:
    work = office.retained()
    token = office.scenarios.links.freeze(work) if by == "link" else work.saved.decisions[-1].frozen
    status, told = office.said(token)
    assert status == WAITING
    assert "à quelle date s'applique-t-il" in told
    office.day = 2
    office.publish(work, "2026-11-02")
    status, told = office.said(token)
    assert status == "Scénario publié, en vigueur"
    assert "aucune décision n'est plus demandée" in told
    assert re.search("Publié le .{8,20} : plan en vigueur depuis le 2 novembre 2026", told)
    assert "Grace Hopper" in told
    assert "pas encore publié" not in told


def test_it_says_when_it_starts_what_replaces_it_and_from_when(office: Office) -> None:
    work, other = office.retained(), office.retained(1)
    token = office.scenarios.links.freeze(work)
    office.publish(work, "2026-11-10")
    assert office.said(token)[0] == "Scénario publié, à venir"
    office.publish(other, "2026-11-20")
    office.day = 12
    status, told = office.said(token)
    assert status == "Scénario publié, en vigueur"
    assert "Sera remplacé le 20 novembre 2026 par la publication du 20 novembre 2026." in told
    office.day = 21
    status, told = office.said(token)
    assert status == "Scénario publié, remplacé depuis"
    assert "Remplacé le 20 novembre 2026 par la publication du 20 novembre 2026." in told


def test_it_says_that_its_publication_was_withdrawn_and_why(office: Office) -> None:
    work = office.retained()
    token = office.scenarios.links.freeze(work)
    made = office.publish(work, "2026-11-10")
    office.publications.withdraw(made.id, "erreur de date")
    status, told = office.said(token)
    assert status == "Scénario publié, puis retiré"
    assert "Motif du retrait : erreur de date." in told


def test_an_earlier_version_says_that_another_one_was_published(office: Office) -> None:
    home, away, *_ = office.study.plan.zones_of("maine-et-loire")
    first, second, *_ = office.study.plan.members(home.id)
    editor = office.scenarios
    work = editor.record(office.scenarios.new(), "move", {"moves": {first: away.id}})
    token = office.scenarios.links.freeze(work)
    assert office.said(token)[0] == "Scénario à l'étude, non décidé"
    work = editor.record(work, "move", {"moves": {second: away.id}})
    work = office.scenarios.decide(work, ScenarioStatus.KEPT, "vu")
    office.publish(work, "2026-11-01")
    status, told = office.said(token)
    assert status == "Version non publiée ; une autre l'est"
    assert "Une autre version de ce scénario a été publiée : plan en vigueur" in told


@pytest.mark.parametrize(
    ("decided", "asked"),
    [
        (ScenarioStatus.TO_ARBITRATE, "Faut-il retenir, modifier ou écarter"),
        (ScenarioStatus.KEPT, "à quelle date s'applique-t-il"),
        (ScenarioStatus.DISCARDED, "aucune décision n'est demandée"),
    ],
)
def test_a_link_frozen_before_a_decision_says_what_was_decided(
    office: Office, decided: ScenarioStatus, asked: str
) -> None:
    work = office.proposed()
    token = office.scenarios.links.freeze(work)
    office.day = 4
    later = office.scenarios.decide(work, decided, "vu au comité, entre nous")
    status, told = office.said(token)
    assert status == decided.in_words
    assert asked in told
    assert f"le statut du scénario a changé le 4 novembre 2026 : {decided}." in told
    assert "entre nous" not in told  # the note was not written for readers of this link
    assert "Depuis" not in office.said(office.scenarios.links.freeze(later))[1]


def test_an_earlier_version_says_that_another_one_was_retained(office: Office) -> None:
    work = office.proposed()
    token = office.scenarios.links.freeze(work)
    changed = office.scenarios.record(work, "rename_zone", {"zone": "SAR-4", "name": "Est"})
    office.scenarios.decide(changed, ScenarioStatus.KEPT, "vu")
    status, told = office.said(token)
    assert status == "Version non retenue ; une autre l'est"
    assert "Une autre version de ce scénario a été retenue le 1er novembre 2026." in told
    assert "aucune décision n'est plus demandée" in told


def test_a_version_of_a_deleted_scenario_asks_nothing_any_more(office: Office) -> None:
    work = office.proposed()
    token = office.scenarios.links.freeze(work)
    office.scenarios.delete(work.saved.id)
    status, told = office.said(token)
    assert status == "Scénario supprimé depuis"
    assert "aucune décision n'est plus demandée" in told
