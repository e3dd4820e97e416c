"""A scenario is named by what it does, as long as nobody names it."""

from geozones.domain.places import Spot
from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.service import Scenarios

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2


def test_one_move_names_the_lycee_and_its_zone_and_more_name_their_sector(
    service: Scenarios, study: Study
) -> None:
    zone = study.plan.zone("SAR-4")
    work = service.record(service.new(), "move", {"moves": {RACAN: zone.id}})
    assert work.name == f"Racan → {zone.name}"
    mate = study.plan.members("SAR-1")[0]
    work = service.record(work, "move", {"moves": {mate: "SAR-4"}})
    assert work.name.replace("\N{NO-BREAK SPACE}", " ") == "2 lycées déplacés, Sarthe"
    # an undo, and what is stored, say so too
    work = service.step(work, "undo")
    assert work.name == f"Racan → {zone.name}"
    assert [entry.name for entry in service.list()] == [work.name]
    work = service.step(work, "undo")
    assert work.name == "Scénario sans changement"


def test_a_name_that_somebody_gave_stays_but_one_with_a_date_of_an_earlier_version(
    service: Scenarios,
) -> None:
    work = service.record(service.new(), "move", {"moves": {RACAN: "SAR-4"}})
    work = service.describe(work, name="Pour la réunion")
    work = service.record(work, "move", {"moves": {RACAN: "SAR-1"}})
    assert (work.name, service.open(work.saved.id).name) == ("Pour la réunion",) * 2
    work = service.record(service.new(), "move", {"moves": {RACAN: "SAR-4"}})
    work = service.describe(work, name="Essai du 28 novembre 2026, 11 h 41 (UTC)")
    work = service.record(work, "move", {"moves": {RACAN: "SAR-1"}})
    assert work.name.startswith("Racan → ")


def test_without_a_move_the_last_change_names_it(service: Scenarios, study: Study) -> None:
    work = service.record(service.new(), "set_needs", {"needs": {RACAN: 7}})
    assert work.name.replace("\N{NO-BREAK SPACE}", " ") == (
        f"Besoins, {study.name(RACAN)} : 7 demi-journées"
    )
    place = study.territory.lycees[RACAN]
    work = service.place(work, RACAN, Spot(place.lat + 0.001, place.lon), insist=True)
    assert "Racan" in work.name
