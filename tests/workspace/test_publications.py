"""Plans published and withdrawn over a real store: what is in force, refused, said."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from geozones.common.errors import InputError
from geozones.domain import (
    ConflictError,
    DecisionStatus,
    Publication,
    PublicationConflictError,
    ScenarioStatus,
    UnknownPublicationError,
)
from geozones.domain.access import Access, AccessError
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import plan_of
from geozones.domain.publications import PublicationStatus
from geozones.features.publications.model import Terms
from geozones.features.publications.use_cases import Publications
from geozones.store import Store
from geozones.workspace.figures.study import Study, baseline_study
from geozones.workspace.ledger import (
    ledger_of,
    read_ledger,
    with_publications,
)
from geozones.workspace.roles import Actor, Role
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.open_scenario import Work, study_of_work
from geozones.workspace.scenarios.service import Scenarios
from helpers.stored import published_in

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
TODAY = "2026-11-25"
ADA = Actor("Ada", Role.ADMINISTRATOR)
STARTING = (
    "Plan de départ : secteurs présentés au webinaire du 11 juin 2025 ; quatre secteurs sont des "
    "brouillons de l'outil"
)
LATER = Terms("2027-09-01", "Grace Hopper", "délibération n° 12", "pour la rentrée")


@pytest.fixture
def publications(study: Study, store: Store) -> Publications:
    return Publications(study.analysis, lambda: store, ADA, lambda: NOW)


@pytest.fixture
def scenarios(study: Study, store: Store) -> Scenarios:
    return Scenarios(study.analysis, lambda: store, ADA, lambda: NOW)


@pytest.fixture
def moved(study: Study, scenarios: Scenarios) -> Work:
    """A scenario where one lycée has moved to another zone of its published sector."""
    return retained(scenarios, "move", {"moves": one_move(study)})


@pytest.fixture
def further(study: Study, scenarios: Scenarios) -> Work:
    """Another scenario, where another lycée has moved."""
    return retained(scenarios, "move", {"moves": one_move(study, 1)})


def retained(scenarios: Scenarios, kind: str, data: dict[str, Any]) -> Work:
    """A retained scenario of one change."""
    work = scenarios.record(scenarios.new(), kind, data)
    return scenarios.decide(work, ScenarioStatus.KEPT, "vu au comité")


def one_move(study: Study, rank: int = 0) -> dict[str, str]:
    """Move a lycée, not a support centre, to another zone of its published sector."""
    plan = study.plan
    centres = {sector.support_centre for sector in plan.sectors}
    sector = next(entry for entry in plan.sectors if not entry.is_draft)
    home, away, *_ = plan.zones_of(sector.id)
    return {[key for key in plan.members(home.id) if key not in centres][rank]: away.id}


def test_the_shipped_plan_is_a_starting_plan_that_nobody_approved(
    study: Study, publications: Publications
) -> None:
    held = publications.ledger()
    (shipped,) = held.plans
    assert shipped.id == "livree"
    assert (shipped.effective, shipped.author, shipped.approved_by, shipped.at) == ("",) * 4
    assert held.title(shipped) == "plan de départ"
    assert held.line(shipped, TODAY) == STARTING
    for day in ("1900-01-01", TODAY, "2099-12-31"):
        assert held.on(day) == shipped
        assert held.in_force(day) is None
    assert with_publications(held, study.analysis).reference == study.plan


def test_what_waited_for_a_second_approval_is_left_aside_and_named(
    study: Study, store: Store, publications: Publications, moved: Work, further: Work
) -> None:
    made = publications.publish(moved, replace(LATER, effective="2026-11-24"))
    assert publications.ledger().on().id == made.id
    with store.context.database.writing() as connection:
        connection.exec_driver_sql("UPDATE geozones_publications SET needs_approval = true")
    held = publications.ledger()
    assert held.on().is_shipped
    assert [entry.id for entry in held.plans] == ["livree"]
    assert with_publications(held, study.analysis).reference == study.plan
    assert held.left_aside.replace("\xa0", " ") == (
        "1 publication attendait une seconde approbation et n'est pas en vigueur : celle de Ada "
        "pour le 24 novembre 2026. Cette approbation n'est plus demandée : publiez à nouveau ce "
        "qui doit l'être."
    )
    # it keeps its place in the order of writing, and what comes after it is in force
    after = publications.publish(further, replace(LATER, effective=TODAY), insist=True)
    assert after.position == 2
    assert publications.ledger().on().id == after.id


def test_an_administrator_publishes_no_scenario_that_is_not_shared_with_them(
    store: Store, publications: Publications, moved: Work, scenarios: Scenarios
) -> None:
    scenarios.open_to(moved.saved.id, {"max@r.example": Access.OWNER})
    assert "n'est pas partagé avec vous" in publications.announce(moved, TODAY).refusals[0]
    with pytest.raises(AccessError, match=r"Demandez à max@r\.example"):
        publications.publish(moved, LATER)
    assert published_in(store) == ()


def test_a_published_scenario_is_in_force_from_its_day(
    study: Study, publications: Publications, moved: Work
) -> None:
    made = publications.publish(moved, LATER)
    held = publications.ledger()
    assert [entry.id for entry in held.plans] == [made.id, "livree"]
    assert (made.approved_by, made.reference, made.note, made.author, made.position) == (
        "Grace Hopper", "délibération n° 12", "pour la rentrée", "Ada", 1,
    )  # fmt: skip
    assert held.on("2027-08-31").id == "livree"
    assert held.on("2027-09-01").id == made.id
    before = with_publications(held, study.analysis)
    after = with_publications(replace(held, today="2027-09-01"), study.analysis)
    assert after.baseline.problem == ""
    assert before.reference == study.plan
    assert after.reference == moved.plan
    assert not baseline_study(after).decisions.changed_zones
    assert held.line(made, TODAY) == (
        "Plan à venir le 1er septembre 2027, approuvé par Grace Hopper, "
        "référence délibération n° 12"
    )
    shipped = held.get("livree")
    assert held.in_force(TODAY) is None
    assert held.in_force("2027-09-01") == held.get(made.id)
    assert held.standing(shipped, "2027-09-01") is PublicationStatus.STARTING
    assert held.line(shipped, "2027-09-01") == STARTING


def test_a_replaced_publication_is_said_with_its_first_and_last_day(
    publications: Publications, moved: Work, further: Work
) -> None:
    first = publications.publish(moved, replace(LATER, effective="2026-11-20"))
    publications.publish(further, LATER, insist=True)
    held = publications.ledger()
    assert held.period(held.get(first.id)) == "du 20 novembre 2026 au 31 août 2027"
    assert held.line(first, "2027-09-01").startswith(
        "Plan en vigueur du 20 novembre 2026 au 31 août 2027"
    )


def test_a_new_scenario_starts_from_the_plan_in_force(
    study: Study, store: Store, publications: Publications, moved: Work
) -> None:
    publications.publish(moved, replace(LATER, effective="2026-11-20"))
    analysis = with_publications(publications.ledger(), study.analysis)
    fresh = Scenarios(analysis, lambda: store, ADA, lambda: NOW)
    work = fresh.new()
    assert work.plan == moved.plan
    assert work.origin == "la publication du 20 novembre 2026"
    saved = fresh.record(work, "move", {"moves": one_move(study, 1)})
    again = fresh.open(saved.scenario.id)
    assert (again.base, again.origin) == (moved.plan, "la publication du 20 novembre 2026")
    # and rules and changes are counted from it
    assert baseline_study(analysis).decisions.changed_zones == frozenset()


def test_a_sector_is_prepared_retained_then_published(
    study: Study, scenarios: Scenarios, publications: Publications
) -> None:
    sarthe = {"sector": "sarthe", "changes": {"rns": "Marie Curie", "technicians": 2}}
    work = scenarios.record(scenarios.new(), "edit_sector", sarthe)

    def status(shown: Study) -> DecisionStatus:
        return shown.decisions.sector("sarthe")

    assert status(study_of_work(study.analysis, work)) is DecisionStatus.PROPOSED
    kept = scenarios.decide(work, ScenarioStatus.KEPT, "vu au comité")
    assert status(study_of_work(study.analysis, kept)) is DecisionStatus.RETAINED
    said = publications.announce(kept, "2027-09-01")
    assert "Devient publié le secteur Sarthe : 4\u00a0secteurs publiés en tout." in said.decided
    publications.publish(kept, LATER)
    for day, found in ((TODAY, DecisionStatus.DRAFT), ("2027-09-01", DecisionStatus.PUBLISHED)):
        analysis = with_publications(replace(publications.ledger(), today=day), study.analysis)
        assert status(baseline_study(analysis)) is found
        assert not baseline_study(analysis).decisions.changed_sectors


def test_what_publishing_would_do_counts_those_it_does_not_name_and_names_its_units(
    study: Study, scenarios: Scenarios, publications: Publications
) -> None:
    moves = dict.fromkeys((*study.plan.members("MAY-2"), *study.plan.members("MAY-1")), "SAR-4")
    said = publications.announce(scenarios.record(scenarios.new(), "move", {"moves": moves}), TODAY)
    (named,) = (line for line in said.decided if "changent de zone" in line)
    names, _, more = named.partition(" : ")[2].rpartition(" et ")
    assert (names.count(",") + 1, more) == (6, f"{len(moves) - 6}\u00a0autres.")
    assert any(line.startswith("Heures d'effectif réduit par an : ") for line in said.worse)
    kept, *left = (
        zone.id for zone in study.plan.zones_of("nantes") + study.plan.zones_of("vendee")
    )
    everyone = [lycee for zone in left for lycee in study.plan.members(zone)]
    emptied = scenarios.record(scenarios.new(), "move", {"moves": dict.fromkeys(everyone, kept)})
    (empty,) = (
        line
        for line in publications.announce(emptied, TODAY).doubts
        if line.startswith("Sans lycée : ")
    )
    assert empty.endswith(f" et {len(left) - 6}\u00a0autres.")


def test_publishing_is_told_at_the_rate_in_force_whatever_a_planner_tries(
    study: Study, store: Store, publications: Publications, moved: Work
) -> None:
    trial = study.with_cost_settings(replace(study.settings.cost, absence_weight=0.25))
    other = Publications(trial.analysis, lambda: store, publications.actor, lambda: NOW)
    told = publications.announce(moved, "2027-09-01").told
    assert other.announce(moved, "2027-09-01").told == told
    assert not any("essai" in line for line in told)


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"approved_by": ""}, "qui a approuvé"),
        ({"approved_by": " \n "}, "qui a approuvé"),
        ({"approved_by": "x" * 300}, "200 caractères au plus"),
        ({"reference": "x" * 300}, "200 caractères au plus"),
        ({"note": "x" * 4001}, "4000 caractères"),
        ({"effective": ""}, "2026-09-01"),
        ({"effective": "demain"}, "2026-09-01"),
        ({"effective": "20270901"}, "2026-09-01"),
        ({"effective": "2027-02-30"}, "2026-09-01"),
        ({"effective": "1999-12-31"}, "entre 2000 et 2099"),
        ({"effective": "9999-12-31"}, "entre 2000 et 2099"),
        ({"effective": None}, "2026-09-01"),
        ({"approved_by": "\ud800"}, "illisible"),
    ],
)
def test_bad_terms_are_refused_and_nothing_is_published(
    publications: Publications, moved: Work, wrong: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        publications.publish(moved, replace(LATER, **wrong), insist=True)
    assert len(publications.ledger().entries) == 1


def test_a_plan_with_a_forbidden_breach_is_not_published(
    study: Study, scenarios: Scenarios, publications: Publications
) -> None:
    sector = next(entry for entry in study.plan.sectors if entry.support_centre)
    assert sector.support_centre is not None
    elsewhere = next(zone for zone in study.plan.zones if zone.sector != sector.id)
    wrong = scenarios.adopt(
        scenarios.new(study.plan.move(sector.support_centre, elsewhere.id), "un fichier"), "Faux"
    )
    with pytest.raises(InputError, match=r"Publication refusée\..*centre support"):
        publications.publish(wrong, LATER, insist=True)
    assert publications.announce(wrong, "2027-09-01").refusals
    assert len(publications.ledger().entries) == 1


def test_a_plan_with_a_lycee_in_no_zone_is_not_published(
    study: Study, scenarios: Scenarios, publications: Publications
) -> None:
    centres = {sector.support_centre for sector in study.plan.sectors}
    left = next(key for key in study.plan.lycees if key not in centres)
    stay = {key: zone for key, zone in study.plan.zone_by_lycee.items() if key != left}
    plan = plan_of(study.plan.sectors, study.plan.zones, stay)
    places = LocationOverrides(excluded=frozenset({left}))
    lacking = scenarios.adopt(scenarios.new(plan, "une liste", places), "Sans un lycée")
    with pytest.raises(InputError, match="Sans zone : ") as caught:
        publications.publish(lacking, LATER, insist=True)
    assert study.name(left) in str(caught.value)
    assert len(publications.ledger().entries) == 1


def test_a_lycee_closed_by_a_scenario_is_published_without_a_zone(
    scenarios: Scenarios, publications: Publications
) -> None:
    begun = retained(scenarios, "close_lycee", {"lycee": "0440537V"})
    told = publications.announce(begun, "2027-09-01")
    assert not told.refusals
    assert told.decided[0] == "1\u00a0lycée ferme : Les Savarières (Saint-Sébastien-sur-Loire)."
    publications.publish(begun, LATER, insist=True)
    held = publications.ledger().baseline(publications.ledger().on("2027-09-01"))
    assert "0440537V" not in held.plan.zone_by_lycee
    assert held.places.excluded == {"0440537V"}


def test_a_scenario_that_is_not_saved_is_not_published(
    scenarios: Scenarios, publications: Publications
) -> None:
    with pytest.raises(InputError, match="pas encore enregistré"):
        publications.publish(scenarios.new(), LATER)


def test_an_older_date_than_the_newest_publication_is_insisted_on(
    publications: Publications, moved: Work
) -> None:
    first = publications.publish(moved, LATER)
    sooner = replace(LATER, effective="2027-01-04")
    with pytest.raises(InputError, match=r"à confirmer\..*avant celle de la publication du 1er s"):
        publications.publish(moved, sooner)
    assert publications.announce(moved, "2027-01-04").doubts
    second = publications.publish(moved, sooner, insist=True)
    held = publications.ledger()
    assert [held.on(day).id for day in (TODAY, "2027-01-04", "2027-09-01")] == [
        "livree",
        second.id,
        first.id,
    ]
    assert held.end(second) == "2027-09-01"


def test_a_scenario_of_before_the_newest_publication_is_insisted_on(
    publications: Publications, moved: Work, further: Work
) -> None:
    stale = further
    publications.publish(moved, replace(LATER, effective="2026-11-01"))
    with pytest.raises(InputError, match="Publier ce scénario déferait : David d'Angers vers"):
        publications.publish(stale, LATER)
    publications.publish(stale, LATER, insist=True)
    assert publications.ledger().on("2027-09-01").scenario_version == 2


def test_two_administrators_at_once_and_the_second_is_told(
    publications: Publications, moved: Work
) -> None:
    seen = publications.ledger().last
    first = publications.publish(moved, LATER, expected_last=seen)
    with pytest.raises(PublicationConflictError, match="entre-temps"):
        publications.publish(moved, LATER, expected_last=seen)
    with pytest.raises(PublicationConflictError, match="entre-temps"):
        publications.withdraw(first.id, "erreur", expected_last=seen)
    assert [entry.id for entry in publications.ledger().plans] == [first.id, "livree"]


def test_a_scenario_that_someone_changed_meanwhile_is_not_published(
    scenarios: Scenarios, publications: Publications, moved: Work
) -> None:
    scenarios.describe(moved, name="Un autre nom")
    with pytest.raises(ConflictError, match="ce scénario"):
        publications.publish(moved, LATER)
    assert len(publications.ledger().entries) == 1


# -- withdrawn -----------------------------------------------------------------------------------


def test_what_cannot_be_withdrawn_is_said(publications: Publications, moved: Work) -> None:
    made = publications.publish(moved, LATER)
    for wrong, message in (
        (("livree", "erreur"), "ne peut pas être retiré"),
        ((made.id, "  "), "Indiquez pourquoi"),
        ((made.id, "x" * 4001), "4000 caractères"),
    ):
        with pytest.raises(InputError, match=message):
            publications.withdraw(*wrong)
    with pytest.raises(UnknownPublicationError):
        publications.withdraw("nulle-part", "erreur")
    publications.withdraw(made.id, "erreur")
    with pytest.raises(InputError, match="déjà retirée"):
        publications.withdraw(made.id, "encore")


# -- what is said before ---------------------------------------------------------------------------


def test_a_plan_without_a_change_is_refused_with_the_reason(
    scenarios: Scenarios, publications: Publications, moved: Work
) -> None:
    same = scenarios.adopt(scenarios.new(), "Le même")
    same = scenarios.decide(same, ScenarioStatus.KEPT, "vu au comité")
    said = publications.announce(same, "2027-09-01")
    assert (said.worse, said.better, said.decided, said.doubts) == ((), (), (), ())
    why = "Rien à publier : ce plan est le plan de départ à cette date, sans changement."
    assert said.refusals == (why,)
    with pytest.raises(InputError, match="Rien à publier"):
        publications.publish(same, LATER, insist=True)
    # nor a plan that is in force already
    publications.publish(moved, replace(LATER, effective="2026-11-20"))
    with pytest.raises(InputError, match="ce plan est le plan en vigueur"):
        publications.publish(moved, LATER, insist=True)


def test_only_a_retained_scenario_is_published_and_drafts_are_remarked(
    study: Study, scenarios: Scenarios, publications: Publications
) -> None:
    work = scenarios.record(scenarios.new(), "move", {"moves": one_move(study)})
    said = publications.announce(work, TODAY)
    assert "Restent des brouillons de l'outil" in " ".join(said.remarks)
    (why,) = said.refusals
    unkept = "Le statut de ce scénario est « hypothèse » : seul un scénario « retenu »"
    assert why.startswith(unkept)
    with pytest.raises(InputError, match="Donnez-lui d'abord ce statut"):
        publications.publish(work, LATER, insist=True)
    kept = scenarios.decide(work, ScenarioStatus.KEPT, "oui")
    assert publications.announce(kept, TODAY).refusals == ()
    assert publications.publish(kept, LATER).scenario_version == 2


def test_what_was_read_is_read_again_only_where_something_was_published(
    study: Study, store: Store, publications: Publications, moved: Work
) -> None:
    held = read_ledger(study.atlas, lambda: store, TODAY)
    assert read_ledger(study.atlas, lambda: store, TODAY, held) is held
    tomorrow = read_ledger(study.atlas, lambda: store, "2026-11-26", held)
    assert (tomorrow.today, tomorrow.entries) == ("2026-11-26", held.entries)
    made = publications.publish(moved, LATER)
    again = read_ledger(study.atlas, lambda: store, TODAY, held)
    assert [entry.id for entry in again.plans] == [made.id, "livree"]
    publications.withdraw(made.id, "erreur")
    assert len(read_ledger(study.atlas, lambda: store, TODAY, again).entries) == 3


# -- bad days --------------------------------------------------------------------------------------


def test_a_store_that_does_not_answer_leaves_the_shipped_plan_and_says_why(
    study: Study, tmp_path: Path
) -> None:
    (tmp_path / "scenarios.db").write_bytes(b"not a database, " * 100)
    url = f"sqlite:///{tmp_path}/scenarios.db"
    held = read_ledger(study.atlas, lambda: open_store(url), TODAY)
    analysis = with_publications(held, study.analysis)
    assert analysis.reference == study.plan
    assert "La base de scénarios" in analysis.baseline.problem


def test_a_plan_that_fits_the_data_no_more_is_said(study: Study) -> None:
    plan = json.loads(json.dumps(study.atlas.plan_json(study.plan, LocationOverrides())))
    plan["sectors"][0]["zones"][0]["lycees"].append("0440001X")
    gone = Publication("p1", "2026-01-01", "Ada", plan, position=1, at=TODAY)
    analysis = with_publications(ledger_of(study.atlas, TODAY, (gone,)), study.analysis)
    assert analysis.reference == study.plan
    problem = analysis.baseline.problem
    assert "La publication du 1er janvier 2026 n'est plus compatible avec" in problem
