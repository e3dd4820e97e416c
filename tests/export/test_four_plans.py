"""Four plans, every file and page: the same figures, from the command line to the last slide."""

import io
import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from itertools import product
from pathlib import Path

import openpyxl
import pytest

from geozones import cli
from geozones.domain import Plan
from geozones.export import Dossier
from geozones.export.registry import format_of
from geozones.features.webinar.document import webinar_page
from geozones.features.webinar.use_cases import make_webinar
from geozones.metrics import Change
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import (
    ExportedPlan,
    ExportView,
    briefing_of,
    of_baseline,
    of_plan,
)
from helpers.file_texts import READERS, change_sheet_text, page_text
from helpers.slow_params import slow_but


def one(plan: Plan) -> Plan:
    return plan.move("0720012X", "SAR-4")


def package(plan: Plan) -> Plan:
    """Three moves, of two lycées that come into Sarthe and one within Mayenne."""
    return one(plan).move("0720013Y", "SAR-4").move("0490782J", "MAY-2")


def thirty(plan: Plan) -> Plan:
    """One lycée of every zone that can spare it goes to the next zone of its sector."""
    zones = [zone.id for zone in plan.zones]
    firsts = [min(plan.members(zone)) for zone in zones if len(plan.members(zone)) > 2][:30]
    for lycee in firsts:
        home = plan.zone_of(lycee)
        others = [zone for zone in zones if plan.zone(zone).sector == home.sector]
        plan = plan.move(lycee, others[(others.index(home.id) + 1) % len(others)])
    return plan


PLANS: dict[str, Callable[[Plan], Plan]] = {"one": one, "package": package, "thirty": thirty}
LOOKS = {"region": ExportView("before-after"), "sector": ExportView("sector", "sarthe")}
#: Each change as it is looked at; the two that say most on every run, the others with slow tests.
CASES = [(name, look) for name, look in product(PLANS, LOOKS)]


def plain(text: str) -> str:
    spaced = re.sub(r"[\u00a0\u202f\s]+", " ", text)
    return spaced.replace("’", "'").casefold()


def close(text: str) -> str:
    """A text without spaces: a PDF's text has none between a number and its unit."""
    return plain(text).replace(" ", "")


def subject_of(study: Study, name: str) -> ExportedPlan:
    return of_plan(study.with_plan(PLANS[name](study.plan)), "essai.json")


def told(shown: Dossier, subject: ExportedPlan) -> Iterator[tuple[str, str]]:
    """Every file of a view, and its webinar, as text."""
    for key, read in READERS.items():
        if key != "xlsx" or shown.comparison is not None:  # its sheet of what changes
            yield key, read(format_of(key).make(shown))
    if len(shown.sectors) > 1:
        yield "webinar", page_text(webinar_page(make_webinar(subject).webinar))


def says(text: str, change: Change) -> bool:
    """Tell whether a text has both values of a figure."""
    digits = change.metric.format.compared_digits
    forms = (change.arrow(digits), f"{change.before_text} {change.after_text}", change.arrow())
    return any(close(form) in text for form in forms)


@pytest.mark.parametrize(
    ("name", "look"), slow_but(CASES, ("package", "region"), ("package", "sector"))
)
def test_each_file_tells_the_same_figures_title_and_points(
    study: Study, name: str, look: str
) -> None:
    subject = subject_of(study, name)
    shown = dossier(subject, LOOKS[look])
    comparison = shown.comparison
    director = briefing_of(dossier(subject, ExportView()))
    title = plain(director.message[0]).rstrip(".")
    for kind, said in told(shown, subject):
        text = close(said)
        for change in comparison.headline:
            assert says(text, change), (kind, change.metric.key)
        if look == "region":
            assert close(title) in text, kind
        if comparison.region is not None:  # a view of a sector carries the region's net line
            (road, *_) = comparison.region.figures
            assert "pourtoute" in text, kind
            assert close(f"{road.gap(0)} h") in text, kind
        for line in comparison.also:
            assert close(line) in text, (kind, line)
    book = close(change_sheet_text(format_of("xlsx").make(shown)))
    assert all(close(line) in book for line in comparison.points.lines)
    assert all(close(move.lycee) in book for move in comparison.moves)


def numbered(content: bytes) -> set[tuple[int, str]]:
    """Return the number and the name of each zone, on each sheet of a workbook that has both."""
    sheets = (list(s.values) for s in openpyxl.load_workbook(io.BytesIO(content)))
    return {
        (row[heads.index("N°")], plain(row[heads.index("Zone")]))
        for heads, *rows in sheets
        if "N°" in heads
        for row in rows
    }


@pytest.mark.parametrize("name", slow_but(PLANS, "package"))
@pytest.mark.parametrize("look", LOOKS)
def test_a_zone_has_the_number_of_the_maps_in_the_workbook_and_on_the_page(
    study: Study, name: str, look: str
) -> None:
    subject = subject_of(study, name)
    shown = dossier(subject, LOOKS[look])
    maps = {(zone.number, plain(zone.name)) for zone in shown.zones if zone.lycees}
    assert maps <= {(area.number, plain(area.name)) for area in shown.scene.zones}
    assert numbered(format_of("xlsx").make(shown)) == maps
    page = unescape(format_of("html").make(shown).decode())
    after = page[page.index('data-when="after"') : page.index('data-when="before"')]
    listed = re.findall(r"</i><span><strong>(\d+)\u00a0([^<]+)</strong>", after)
    assert {(int(number), plain(zone)) for number, zone in listed} == maps


@pytest.mark.parametrize("name", slow_but(PLANS, "package"))
def test_the_command_line_gives_the_figures_of_the_files(
    study: Study, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subject = subject_of(study, name)
    file = tmp_path / "essai.json"
    file.write_text(
        json.dumps(study.atlas.plan_json(subject.plan, study.state.places)), encoding="utf-8"
    )
    assert cli.main(["metrics", "--plan", str(file), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    shown = dossier(subject, LOOKS["region"])
    counted = 0
    for change in shown.comparison.headline:
        given = answer["region"].get(change.metric.key)
        if isinstance(given, int | float) and isinstance(change.after, int | float):
            assert given == pytest.approx(change.after, abs=0.06), change.metric.key
            counted += 1
    assert counted >= 4


def test_the_starting_plan_has_the_same_counts_in_every_file(study: Study) -> None:
    subject = of_baseline(study.analysis)
    shown = dossier(subject, ExportView())
    zones = sum(bool(zone.lycees) for zone in shown.zones)
    for kind, said in told(shown, subject):
        text = plain(said)
        assert re.search(rf"\b(sur {zones}\b|{zones} zones|zones de continuité {zones}\b)", text), (
            kind
        )
        for sector in shown.sectors:
            assert plain(sector.name) in text, (kind, sector.name)
