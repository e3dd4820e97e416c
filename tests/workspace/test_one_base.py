"""A scenario is compared with one plan, says when another is in force, and is replayed on it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from geozones.common.errors import InputError
from geozones.domain import Event, Publication, ScenarioStatus
from geozones.features.publications.model import Terms
from geozones.features.publications.use_cases import Publications
from geozones.store import Store
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.figures.study import Study, baseline_study
from geozones.workspace.ledger import read_ledger, with_publications
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.open_scenario import (
    Work,
    drift_of,
    scenario_document,
    study_of_work,
)
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.dossier import dossier, dossier_of_change
from geozones.workspace.sharing.exported_plan import (
    BASELINE,
    ExportView,
    briefing_of,
    of_work,
    open_exported_plan,
)

RACAN = "0720012X"
NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@dataclass
class Office:
    """A store, and the day on which it is used."""

    home: Study
    store: Store
    day: int = 1

    @property
    def now(self) -> datetime:
        return NOW.replace(day=self.day)

    @property
    def analysis(self) -> Analysis:
        day = self.now.date().isoformat()
        return with_publications(
            read_ledger(self.home.atlas, lambda: self.store, day), self.home.analysis
        )

    @property
    def scenarios(self) -> Scenarios:
        return Scenarios(self.analysis, lambda: self.store, LOCAL, lambda: self.now)

    @property
    def publications(self) -> Publications:
        return Publications(self.home.analysis, lambda: self.store, LOCAL, lambda: self.now)

    def moved(self, *moves: tuple[str, str]) -> Work:
        """A scenario that moves each lycée to a zone, one after the other."""
        work = self.scenarios.new()
        for lycee, zone in moves:
            work = self.scenarios.record(work, "move", {"moves": {lycee: zone}})
        return work

    def publish(self, work: Work) -> Publication:
        """Put a scenario in force today."""
        kept = self.scenarios.decide(work, ScenarioStatus.KEPT, "vu au comité")
        terms = Terms(self.now.date().isoformat(), "Grace Hopper")
        return self.publications.publish(kept, terms, insist=True)

    def opened(self, work: Work) -> tuple[Work, Study]:
        again = self.scenarios.open(work.saved.id)
        return again, study_of_work(self.analysis, again)


@pytest.fixture
def office(study: Study, tmp_path: Path) -> Iterator[Office]:
    store = open_store(f"sqlite:///{tmp_path / 'scenarios.db'}")
    yield Office(study, store)
    store.close()


@pytest.fixture
def others(study: Study) -> tuple[tuple[str, str], ...]:
    """Three moves of lycées within one sector, elsewhere than in Sarthe."""
    plan = study.plan
    centres = {sector.support_centre for sector in plan.sectors}
    home, away, *_ = plan.zones_of("maine-et-loire")
    keys = [key for key in plan.members(home.id) if key not in centres]
    return tuple((key, away.id) for key in keys[:3])


def counts(office: Office, work: Work) -> dict[str, int]:
    """How many lycées a scenario moves, as each use case counts them."""
    again, own = office.opened(work)
    exported = of_work(office.analysis, again)
    shown, pair = dossier_of_change(exported), dossier(exported, ExportView("before-after"))
    base = baseline_study(own.analysis)
    frozen = office.scenarios.links.open(office.scenarios.links.freeze(again))
    linked = dossier_of_change(of_work(office.analysis, frozen)).comparison
    return {
        "map": len(own.plan.moves_from(base.plan)),
        "zones changed on the map": len(own.changed_from()),
        "list and opinions": len(own.moved),
        "page for a decision": len(linked.moves),
        "files": len(shown.comparison.moves),
        "before and after": len(pair.comparison.moves),
    }


def test_a_publication_changes_no_count_of_another_scenario(
    office: Office, others: tuple[tuple[str, str], ...]
) -> None:
    mine, theirs = office.moved((RACAN, "SAR-4")), office.moved(*others)
    before = counts(office, mine)
    assert {value for key, value in before.items() if "zones" not in key} == {1}
    _, study = office.opened(mine)
    hours = study.cost().road_hours - baseline_study(study.analysis).cost().road_hours
    office.publish(theirs)
    again, own = office.opened(mine)
    assert counts(office, mine) == before
    shown = of_work(office.analysis, again)
    for base in (baseline_study(own.analysis), shown.base.study):
        assert own.cost().road_hours - base.cost().road_hours == pytest.approx(hours)
    message = briefing_of(dossier_of_change(shown))
    assert message.counted == "1\u00a0lycée change de zone"


def test_the_base_is_named_with_its_day(
    office: Office, others: tuple[tuple[str, str], ...]
) -> None:
    start = of_work(office.analysis, office.moved((RACAN, "SAR-4"))).base
    assert start.version.versus == "par rapport au plan de départ"
    office.publish(office.moved(others[0]))
    mine = office.moved((RACAN, "SAR-4"))
    named = "par rapport au plan en vigueur du 1er décembre 2026"
    office.day = 5
    for move in others[1:]:
        again, _ = office.opened(mine)
        base = of_work(office.analysis, again).base
        assert base.version.versus == named
        office.publish(office.moved(move))
    assert base.version.name_and_status.startswith("Plan en vigueur remplacé depuis")


def test_the_plan_in_force_has_the_same_figures_for_everyone(
    office: Office, others: tuple[tuple[str, str], ...]
) -> None:
    mine = office.moved((RACAN, "SAR-4"))
    for move in others[:2]:
        fresh = baseline_study(office.analysis)
        _, own = office.opened(mine)
        today = own.analysis.baseline.current
        seen = [
            fresh,
            baseline_study(own.analysis.with_baseline(today)),
            open_exported_plan(own.analysis, office.scenarios, BASELINE).study,
        ]
        values = [{**each.area(), **each.kept_metrics()} for each in seen]
        assert values == [values[0]] * len(seen)
        assert not any(each.teams.posts for each in seen)
        office.publish(office.moved(move))


def test_a_scenario_says_what_publishing_it_would_undo(
    office: Office, others: tuple[tuple[str, str], ...]
) -> None:
    mine = office.moved(others[0])
    token = office.scenarios.links.freeze(mine)
    assert drift_of(office.analysis, mine) == ""
    office.publish(office.moved((RACAN, "SAR-4")))
    again, own = office.opened(mine)
    said = drift_of(office.analysis, again)
    where = own.plan.zone("SAR-4").name
    assert said.startswith("Depuis, le plan en vigueur a changé (publication du 1er décembre 2026)")
    assert f"Publier ce scénario déferait : Racan (Montval-sur-Loir) vers {where}" in said
    announced = office.publications.announce(
        office.scenarios.decide(again, ScenarioStatus.KEPT, "vu"), "2026-12-01"
    )
    assert said in announced.doubts
    ledger = office.publications.ledger()
    page = of_work(office.analysis, office.scenarios.links.open(token), ledger=ledger)
    assert said in dossier_of_change(page).asked
    # what was published says nothing of the kind of itself
    assert drift_of(office.analysis, office.moved()) == ""


def test_a_withdrawn_base_is_said_to_be_withdrawn(
    office: Office, others: tuple[tuple[str, str], ...]
) -> None:
    made = office.publish(office.moved(others[0]))
    mine = office.moved((RACAN, "SAR-4"))
    office.publications.withdraw(made.id, "une erreur")
    again, own = office.opened(mine)
    assert own.moved == (RACAN,)
    assert drift_of(office.analysis, again).startswith(
        "Depuis, le plan en vigueur du 1er décembre 2026 a été retiré : le plan de départ est"
    )


def taken(office: Office, work: Work) -> tuple[Work, tuple[tuple[Event, str], ...]]:
    return office.scenarios.take_over(office.scenarios.open(work.saved.id))


def test_changes_are_replayed_on_the_plan_in_force_and_nothing_is_lost(
    office: Office, others: tuple[tuple[str, str], ...]
) -> None:
    mine = office.moved((RACAN, "SAR-4"), others[1])
    with pytest.raises(InputError, match="part déjà du plan de départ"):
        taken(office, mine)
    office.publish(office.moved(others[0]))
    work, refused = taken(office, mine)
    assert refused == ()
    assert work.saved.id == mine.saved.id
    again, own = office.opened(mine)
    assert set(own.moved) == {RACAN, others[1][0]}
    assert again.plan.zone_of(others[0][0]).id == others[0][1]
    assert own.analysis.baseline.dated == "plan en vigueur du 1er décembre 2026"
    assert drift_of(office.analysis, again) == ""
    assert [event.kind for event in again.timeline.changes] == ["move", "move"]
    # the history has the scenario of before, and leads back to it
    back = office.scenarios.jump(again, mine.timeline.head)
    assert back.plan == mine.plan
    assert study_of_work(office.analysis, back).analysis.baseline.dated == "plan de départ"
    assert drift_of(office.analysis, back)


def test_what_was_decided_otherwise_is_listed_and_not_undone(
    office: Office, others: tuple[tuple[str, str], ...]
) -> None:
    key, zone = others[0]
    third = next(
        entry.id
        for entry in office.home.plan.zones_of("maine-et-loire")
        if entry.id not in {zone, office.home.plan.zone_of(key).id}
    )
    mine = office.moved((key, third), (RACAN, "SAR-4"), others[1])
    office.publish(office.moved((key, zone), others[1]))
    work, ((event, why),) = taken(office, mine)
    assert event.data == {"moves": {key: third}}
    assert why == "le plan en vigueur en a décidé depuis."
    assert work.plan.zone_of(key).id == zone
    assert study_of_work(office.analysis, work).moved == (RACAN,)


def test_a_scenario_taken_over_twice_is_counted_from_the_last(
    office: Office, others: tuple[tuple[str, str], ...]
) -> None:
    mine = office.moved((RACAN, "SAR-4"))
    for move in others[:2]:
        office.publish(office.moved(move))
        taken(office, mine)
        office.day += 1
    again, own = office.opened(mine)
    assert own.moved == (RACAN,)
    assert [event.kind for event in again.timeline.path] == ["take_over", "move"]
    # a copy, a file and a frozen version keep that base
    copy = office.scenarios.duplicate(again)
    file = json.dumps(scenario_document(again.saved)).encode()
    frozen = office.scenarios.links.open(office.scenarios.links.freeze(again))
    for each in (copy, office.scenarios.import_(file), frozen):
        assert study_of_work(office.analysis, each).moved == (RACAN,)
        assert each.timeline.base.plan == again.timeline.base.plan


def test_a_retained_scenario_is_taken_over_in_a_copy(
    office: Office, others: tuple[tuple[str, str], ...]
) -> None:
    mine = office.scenarios.decide(office.moved((RACAN, "SAR-4")), ScenarioStatus.KEPT, "vu")
    office.publish(office.moved(others[0]))
    work, _ = taken(office, mine)
    assert work.saved.id != mine.saved.id
    assert "est retenu et ne change plus" in work.notice
    assert office.opened(mine)[0].plan == mine.plan
    assert study_of_work(office.analysis, work).moved == (RACAN,)


def test_the_plan_of_a_file_is_compared_with_the_plan_of_when_it_was_begun(
    office: Office, others: tuple[tuple[str, str], ...]
) -> None:
    plan = office.home.plan.move(RACAN, "SAR-4").move(*others[0])
    work = office.scenarios.adopt(office.scenarios.new(plan, "le fichier essai.csv"), "Liste")
    before = counts(office, work)
    assert before["map"] == before["page for a decision"] == 2
    office.day = 3
    office.publish(office.moved(others[1]))
    assert counts(office, work) == before
    assert office.home.territory.name(others[1][0]) in drift_of(
        office.analysis, office.opened(work)[0]
    )
    with pytest.raises(InputError, match=r"le fichier essai\.csv"):
        taken(office, work)


def test_what_is_not_a_move_is_said_to_be_undone_too(office: Office) -> None:
    mine = office.scenarios.record(
        office.scenarios.new(), "rename_zone", {"zone": "SAR-4", "name": "Est"}
    )
    changes = {"sector": "sarthe", "changes": {"rns": "Marie Curie"}}
    office.publish(office.scenarios.record(office.scenarios.new(), "edit_sector", changes))
    said = drift_of(office.analysis, office.opened(mine)[0])
    assert said.endswith("déferait : la publication du secteur Sarthe et le RNS du secteur Sarthe.")
