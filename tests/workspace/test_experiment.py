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
from geozones.common.french import number, plural
from geozones.domain.events import read_change
from geozones.domain.events.change import State
from geozones.domain.field_journal import BilanVerdict, Journal, JournalTrip, by_month, journal_of
from geozones.store import Store
from geozones.workspace.experiment.areas import observer
from geozones.workspace.experiment.bilan import CostChange, bilan_of
from geozones.workspace.experiment.field_journal import (
    PSEUDONYM,
    Journals,
    keys_of,
    numbered,
    pseudonyms,
)
from geozones.workspace.experiment.findings import HypothesisRow, hypothesis_rows
from geozones.workspace.roles import LOCAL, Actor, Role
from geozones.workspace.scenarios.backups import (
    open_store,
)
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.open_scenario import study_of_work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.study import Study, study_of
from geozones.workspace.upkeep import erase_person, run_nightly
from helpers.sample_files import sample_files, sample_of, school_days

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
    assert "Technicien" not in "".join(store.field_journal.months())


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
    kept = store.field_journal.months()
    assert len(kept) == len(months) >= 4
    late = Journals(lambda: store, Actor("Bob", Role.READER), clock)
    assert late.read().rows == len(journal.absences)
    assert late.files()
    with pytest.raises(GeozonesError, match="administrateur"):
        late.forget()
    assert store.field_journal.months() == kept
    gone = [run_nightly(lambda: store, LOCAL, clock).forgotten for _ in range(2)]
    assert gone == {1955: [None, None], 2028: [months[0], months[1]], 2099: months[:2]}[clock.year]
    assert store.field_journal.months() == kept[len([month for month in gone if month]) :]
    logged = [
        entry.detail["month"] for entry in store.log.actions() if entry.what == "forget_journal"
    ]
    assert logged == [month for month in gone if month]


def test_a_reader_reads_and_neither_imports_nor_deletes(study: Study, store: Store) -> None:
    reader = Journals(lambda: store, Actor("Bob", Role.READER), TODAY)
    assert reader.read().rows == 0
    with pytest.raises(GeozonesError, match="planificateur"):
        reader.add(study, "x.csv", b"Date;UAI\n")
    with pytest.raises(GeozonesError, match="planificateur"):
        reader.drop()


def test_adopting_what_was_observed_moves_the_cost_and_undoing_gives_it_back(
    study: Study, journal: Journal, store: Store
) -> None:
    service = Scenarios(study.analysis, lambda: store, ADA, lambda: datetime(2026, 6, 30))
    work = service.new()
    before = study_of_work(study.analysis, work)
    row = rows(before, journal)["visits_per_month"]
    assert row.event is not None
    work = service.editor.record(work, *row.event)
    after = study_of_work(study.analysis, work)
    told = describe_event(study.territory, work, work.timeline.events[-1])
    assert told.endswith("observations d'un journal inventé")
    value = row.event[1]["observed"]["value"]
    assert value == pytest.approx(1.4, abs=0.3)
    assert after.settings.cost.visits_per_month == value
    visits = [one.cost(sector_id="mayenne").items["visites"].road_hours for one in (before, after)]
    assert visits[1] / visits[0] == pytest.approx(value)
    reopened = service.open(work.scenario.id if work.scenario else "")
    assert study_of_work(study.analysis, reopened).settings == after.settings
    work = service.editor.step(work, "undo")
    assert study_of_work(study.analysis, work).settings == study.settings


def test_the_bilan_still_says_what_was_expected_once_it_is_adopted(
    study: Study, journal: Journal
) -> None:
    state = State(study.plan)
    for name in ("visits_per_month", "drives"):
        row = rows(study, journal)[name]
        assert row.event is not None
        state = read_change(*row.event).apply(state)
    adopted = [row.adopted for row in rows(study_of(study.analysis, state), journal).values()]
    assert [text.rpartition(", ")[2] for text in adopted if text] == ["journal inventé"] * 2
    before = bilan_of(study, journal, sector="mayenne")
    after = bilan_of(study_of(study.analysis, state), journal, sector="mayenne")
    assert (after.lines, after.cost, after.points) == (before.lines, before.cost, before.points)


def test_a_value_set_in_the_session_stands_over_the_one_adopted(
    study: Study, journal: Journal
) -> None:
    row = rows(study, journal)["visits_per_month"]
    assert row.event is not None
    state = read_change(*row.event).apply(State(study.plan))
    mine = study.analysis.with_cost_settings(replace(study.settings.cost, visits_per_month=3.0))
    assert study_of(mine, state).settings.cost.visits_per_month == 3.0


def test_journeys_correct_the_matrix_in_zones_that_were_driven_and_say_so(
    study: Study, journal: Journal
) -> None:
    row = rows(study, journal)["drives"]
    assert row.event is not None
    state = read_change(*row.event).apply(State(study.plan))
    after = study_of(study.analysis, state)
    group = row.event[1]["groups"][0]
    a, b = group["lycees"][:2]
    assert after.times.between(a, b) == pytest.approx(study.times.between(a, b) * group["factor"])
    assert after.times.made_by(a, b).label == "corrigé par les trajets du journal"
    assert "inventé" in after.times.made_by(a, b).source
    elsewhere = study.plan.lycees_of("maine-et-loire")[:2]
    assert after.times.between(*elsewhere) == study.times.between(*elsewhere)
    assert after.times.made_by(*elsewhere) == study.times.made_by(*elsewhere)
    # adopted once, the same journeys say the same factor again, not its square
    once_more = rows(after, journal)["drives"]
    assert once_more.event is not None
    assert once_more.event[1]["groups"][0]["factor"] == pytest.approx(group["factor"], rel=0.01)


def test_too_few_observations_are_said_and_not_adopted(study: Study) -> None:
    short = sample_of(
        study, ["mayenne"], school_days(date(2025, 11, 3), 1, study.atlas.school)[:4], 3
    )
    known = rows(study, short)
    assert known["absence_rate"].event is None
    assert "trop peu d'observations" in known["absence_rate"].why_not
    nothing = rows(study, Journal(short.interventions))["absence_days"]
    assert nothing.event is None
    assert nothing.observed == ""


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


def test_the_bilan_says_worse_before_better_with_its_numbers(
    study: Study, journal: Journal
) -> None:
    bilan = bilan_of(study, journal, sector="mayenne")
    order = [list(BilanVerdict).index(line.verdict) for line in bilan.lines]
    assert order == sorted(order)
    visits = next(line for line in bilan.lines if line.key == "visits_per_month")
    assert (visits.verdict, visits.expected) == (BilanVerdict.MORE, "1,00\u00a0par mois")
    assert visits.observed.startswith("au rythme de ")
    assert visits.counted.endswith(f"visites sur {bilan.days}\u00a0jours ouvrés")
    assert bilan.invented
    assert bilan.cost is not None
    assert bilan.cost.after[0] != bilan.cost.before[0]
    assert len(bilan.parts) == 4
    assert [point.alarming for point in bilan.points][-2:] == [None, None]
    assert len(bilan.months) >= 4


def test_requests_add_up_from_lycees_to_the_whole_and_a_difference_is_said(
    study: Study, journal: Journal
) -> None:
    tickets = [row for row in journal.interventions if row.ticket]
    lost = [row._replace(lycee="", ticket=f"{row.ticket} bis") for row in tickets[:38]]
    saturday = tickets[0]._replace(day=date(2025, 8, 2), ticket="samedi")
    once = JournalTrip(tickets[0].day, 0, "x", "0530016E", "0530081A", 60.0)
    assert not any({trip.origin, trip.destination} == set(once[3:5]) for trip in journal.trips)
    held = journal_of(
        [*journal.interventions, *lost, saturday], journal.absences, [*journal.trips, once]
    )
    whole = bilan_of(study, held)
    total = len(tickets) + 1
    assert whole.counts[0] == (
        f"{plural(total + 38, 'demande')}, dont 38 sans lycée reconnu : "
        f"les tableaux en comptent {number(total)}."
    )
    covers, drives = (sentence.replace("\u00a0", " ") for sentence in whole.counts[1:3])
    by_key = {line.key: line.counted.replace("\u00a0", " ") for line in whole.lines}
    assert covers.startswith(
        f"{by_key['cover_by_zone']}, dont {by_key['cover_minutes'].split()[0]}"
    )
    driven = len(journal.trips)
    assert drives.startswith(f"{number(driven + 1)} trajets, dont {number(driven)} comparés")
    assert by_key["drive_ratio"] == f"{number(driven)} trajets comparés"
    assert sum(row.requests for row in whole.parts) == total
    assert sum(row.requests for row in whole.months) == total
    sector = bilan_of(study, held, sector="mayenne")
    assert sum(row.requests for row in sector.parts) == total
    zones = [bilan_of(study, held, zone=row.place.partition(":")[2]) for row in sector.parts]
    assert [sum(row.requests for row in zone.parts) for zone in zones] == [
        row.requests for row in sector.parts
    ]
    first = whole.months[0]
    assert (first.name, first.requests) == ("Août 2025 (0\u00a0jour ouvré)", 1)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (221.4, 263.6, "coûte 43 h de plus par an (264 h contre 221 h)"),
        (221.4, 180.6, "coûte 40 h de moins par an (181 h contre 221 h)"),
        (221.4, 220.6, "ne change pas : 221 h"),
    ],
)
def test_a_change_of_cost_is_the_difference_of_the_two_figures_shown(
    before: float, after: float, said: str
) -> None:
    change = CostChange((before, before, 0.0), (after, after, 0.0))
    assert said in change.sentence.replace("\u00a0", " ")
