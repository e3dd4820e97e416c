"""The journal of an experiment: imported once, anonymous, and what adopting it changes."""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from geozones.common.errors import GeozonesError, InputError
from geozones.common.files import home_folder, secret_key
from geozones.common.french import long_date
from geozones.domain.events import read_change
from geozones.domain.events.change import State
from geozones.domain.field_journal import Journal, by_month, journal_of
from geozones.features.experiment.model import HypothesisRow, hypothesis_rows, observer
from geozones.features.experiment.use_cases import Journals, numbered
from geozones.store import Store
from geozones.workspace.figures.study import Study, study_of
from geozones.workspace.roles import LOCAL, Actor, Role
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.history_text import describe_event, retained_hypotheses
from geozones.workspace.scenarios.open_scenario import study_of_work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.upkeep import PSEUDONYM, erase_person, keys_of, pseudonyms, run_nightly
from helpers.sample_files import sample_files, sample_of, school_days
from helpers.stored import StoredScenarios, months_of

TODAY = date(2026, 6, 30)
ADA = Actor("Ada", Role.PLANNER)


@pytest.fixture(scope="module")
def journal(study: Study) -> Journal:
    return sample_of(study, ["mayenne"], school_days(date(2025, 11, 3), 4, study.atlas.school), 3)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path))
    opened = open_store(f"sqlite:///{tmp_path}/scenarios.db")
    yield opened
    opened.close()


def rows(study: Study, journal: Journal) -> dict[str, HypothesisRow]:
    return {row.name: row for row in hypothesis_rows(study, observer(study, journal))}


def test_a_file_is_imported_once_without_a_name_and_its_rows_are_not_counted_twice(
    study: Study, journal: Journal, store: Store
) -> None:
    journals = Journals(lambda: store, ADA, TODAY)
    content = sample_files(study, journal, 3)[1][1]
    first = journals.add(study, "absences.csv", content)
    assert first.file.rows == len(journal.absences)
    assert "déjà dans le journal" in journals.add(study, "copie.csv", content).sentence
    longer = content + b'"Technicien 001";"01/06/2026";"02/06/2026";""\n'
    again = journals.add(study, "absences2.csv", longer)
    assert (again.file.rows, again.again) == (1, len(journal.absences))
    assert journals.read().rows == len(journal.absences) + 1
    assert journals.read().invented
    assert "Technicien" not in "".join(months_of(store))


def test_a_file_read_again_with_another_column_replaces_its_rows(
    study: Study, store: Store
) -> None:
    journals = Journals(lambda: store, ADA, TODAY)
    table = "Ouvert le;Résolu le;UAI;Minutes\n02/03/2026;04/03/2026;0530010Y;45\n".encode()
    journals.add(study, "tickets.csv", table)
    assert [row.day.day for row in journals.read().interventions] == [4]
    again = journals.add(study, "tickets.csv", table, {"debut": "Ouvert le"})
    assert again.file.rows == 1
    assert [row.day.day for row in journals.read().interventions] == [2]
    with pytest.raises(InputError, match="n'a pas de colonne « Rien »"):
        journals.add(study, "tickets.csv", table, {"debut": "Rien"})
    assert journals.read().rows == 1


def test_a_technician_who_asks_has_rows_that_no_name_leads_to(
    study: Study, journal: Journal, store: Store
) -> None:
    journals = Journals(lambda: store, Actor("Eve", Role.ADMINISTRATOR), TODAY)
    interventions, absences, _ = sample_files(study, journal, 3)
    journals.add(study, "absences.csv", absences[1])
    journals.add(study, "interventions.csv", interventions[1][:20_000], keep_names=True)
    before = journals.read()
    erasure = erase_person(lambda: store, LOCAL, "technicien  001")
    assert erasure.journal > 1
    after = journals.read()
    assert after.rows == before.rows
    assert "Technicien 001" not in {row.person for row in after.interventions}
    assert "Technicien 002" in {row.person for row in after.interventions}
    with pytest.raises(InputError):
        erase_person(lambda: store, LOCAL, "Technicien 001")


CURLY = "Zoé d’Arc"


@pytest.mark.parametrize("spelt", ["Zoé d'Arc", CURLY, unicodedata.normalize("NFD", CURLY)])
def test_a_technician_has_one_pseudonym_however_spelt_that_of_an_earlier_version_too(
    spelt: str,
) -> None:
    assert pseudonyms()(spelt) == pseudonyms()("ZOÉ\u200b D'ARC")
    assert numbered()(spelt) == f"{PSEUDONYM}001"
    secret = secret_key(home_folder() / "journal.key", "Le secret")
    digest = hmac.new(secret, spelt.casefold().encode(), hashlib.sha256).hexdigest()
    earlier = f"{PSEUDONYM}{digest[:12]}"
    assert keys_of("Zoé d'Arc", [earlier, "tip-0123456789ab"]) == [earlier]


@pytest.mark.parametrize("clock", [date(2099, 1, 1), date(1955, 11, 5), date(2028, 3, 2)])
def test_reading_forgets_nothing_and_a_night_one_month_at_most_whatever_the_clock(
    study: Study, journal: Journal, store: Store, clock: date
) -> None:
    content = sample_files(study, journal, 3)[1][1]
    Journals(lambda: store, ADA, TODAY).add(study, "absences.csv", content)
    months = sorted(by_month(journal_of((), journal.absences)))
    kept = months_of(store)
    assert len(kept) == len(months) >= 4
    late = Journals(lambda: store, Actor("Bob", Role.READER), clock)
    assert late.read().rows == len(journal.absences)
    assert late.files()
    with pytest.raises(GeozonesError, match="administrateur"):
        run_nightly(lambda: store, Actor("Bob", Role.READER), clock)
    assert months_of(store) == kept
    gone = [run_nightly(lambda: store, LOCAL, clock).forgotten for _ in range(2)]
    assert gone == {1955: [None, None], 2028: [months[0], months[1]], 2099: months[:2]}[clock.year]
    assert months_of(store) == kept[len([month for month in gone if month]) :]
    logged = [
        entry.detail["month"]
        for entry in StoredScenarios(store).actions()
        if entry.what == "forget_journal"
    ]
    assert logged == [month for month in gone if month]


def test_a_reader_reads_and_neither_imports_nor_deletes(study: Study, store: Store) -> None:
    reader = Journals(lambda: store, Actor("Bob", Role.READER), TODAY)
    assert reader.read().rows == 0
    with pytest.raises(GeozonesError, match="planificateur"):
        reader.add(study, "x.csv", b"Date;UAI\n")
    with pytest.raises(GeozonesError, match="planificateur"):
        reader.drop()


def test_what_is_retained_moves_the_cost_says_who_and_when_and_is_undone(
    study: Study, journal: Journal, store: Store
) -> None:
    service = Scenarios(study.analysis, lambda: store, ADA, lambda: datetime(2026, 6, 30))
    work = service.new()
    before = study_of_work(study.analysis, work)
    row = rows(before, journal)["visits_per_month"]
    work = service.record(work, "adopt_hypothesis", dict(row.event))
    after = study_of_work(study.analysis, work)
    told = describe_event(study.territory, work, work.timeline.events[-1])
    assert told.endswith("observations d'un journal inventé")
    value = row.event["observed"]["value"]
    assert value == pytest.approx(1.4, abs=0.3)
    assert after.settings.cost.visits_per_month == value
    visits = [one.cost(sector_id="mayenne").items["visites"].road_hours for one in (before, after)]
    assert visits[1] / visits[0] == pytest.approx(value)
    work = service.open(work.scenario.id if work.scenario else "")
    assert study_of_work(study.analysis, work).settings == after.settings
    (text,) = retained_hypotheses(study.territory, work).values()
    at = long_date(work.timeline.events[-1].at)
    assert text == f"{told}. Retenu par Ada, le {at}."
    given_back = {"hypothesis": "visits_per_month", "observed": None}
    work = service.record(work, "adopt_hypothesis", given_back)
    assert study_of_work(study.analysis, work).settings == study.settings
    assert retained_hypotheses(study.territory, work) == {}
    work = service.step(service.step(work, "undo"), "undo")
    assert study_of_work(study.analysis, work).settings == study.settings


#: Corrections of drives, as earlier versions adopted them from a journal.
DRIVES = {"factor": 1.2, "low": 1.1, "high": 1.3, "count": 40}


def test_a_value_set_in_the_session_stands_over_the_one_adopted(
    study: Study, journal: Journal
) -> None:
    row = rows(study, journal)["visits_per_month"]
    assert row.event is not None
    state = read_change("adopt_hypothesis", row.event).apply(State(study.plan))
    mine = study.analysis.with_cost_settings(replace(study.settings.cost, visits_per_month=3.0))
    assert study_of(mine, state).settings.cost.visits_per_month == 3.0


def test_drives_that_an_earlier_version_corrected_stay_so_are_told_and_can_be_given_back(
    study: Study, store: Store
) -> None:
    service = Scenarios(study.analysis, lambda: store, ADA, lambda: datetime(2026, 6, 30))
    a, b, *_ = lycees = sorted(study.plan.lycees_of("mayenne"))
    group = DRIVES | {"lycees": lycees, "first": "2026-01-05", "last": "2026-02-12"}
    work = service.record(service.new(), "correct_drives", {"groups": [group]})
    after = study_of_work(study.analysis, work)
    assert after.times.between(a, b) == pytest.approx(study.times.between(a, b) * 1.2)
    assert after.times.made_by(a, b).label == "corrigé par les trajets du journal"
    elsewhere = study.plan.lycees_of("maine-et-loire")[:2]
    assert after.times.between(*elsewhere) == study.times.between(*elsewhere)
    (text,) = retained_hypotheses(study.territory, work).values()
    assert "corrigées dans 1\u00a0zone" in text
    work = service.record(work, "correct_drives", {"groups": []})
    assert study_of_work(study.analysis, work).settings == study.settings


@pytest.mark.parametrize(
    "data",
    [
        {"hypothesis": "absence_weight", "observed": None},
        {"hypothesis": "absence_rate", "observed": {"value": 7}},
        {
            "hypothesis": "absence_rate",
            "observed": {
                "value": 0.9, "low": 0.8, "high": 1.0, "count": 30,
                "first": "2026-01-01", "last": "2026-02-01",
            },
        },
    ],
)  # fmt: skip
def test_an_event_out_of_bounds_is_refused(study: Study, data: dict[str, object]) -> None:
    with pytest.raises(InputError):
        read_change("adopt_hypothesis", data).apply(State(study.plan))
