"""Maps of every file, judged from their shapes: a number each, nothing over anything else."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from geozones.common.errors import GeozonesError
from geozones.export import Dossier
from geozones.export.change_scenes import near_changes
from geozones.export.registry import format_of
from geozones.features.webinar.document import webinar_page
from geozones.features.webinar.use_cases import make_webinar
from geozones.store import open_store
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.bundle import link_picture, near_changes_for_screen
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import (
    ExportedPlan,
    ExportView,
    of_baseline,
    of_plan,
    of_work,
)
from helpers.file_texts import deck_text
from helpers.other_folder import other_folder
from helpers.slow_params import slow_but

from .map_judge import (
    Drawn,
    astray,
    count,
    misplaced,
    numbers_of,
    numbers_told,
    overlapping,
    plain,
    unnumbered,
    watched,
    without_arrow,
)
from .test_other_folder import page_texts

#: Lycées that move in each scenario, and the scenario that opens a zone.
MOVES = (1, 1, 2, 3, 4, 6, 8, 10, 12, 30)
NEW_ZONE = 4
PLANS = ("plan", *(f"{rank}: {moves}" for rank, moves in enumerate(MOVES)))
ELSEWHERE = ("toy", "hostile", "uusimaa")
#: Least points of type: printed, on slides, and of credits.
PRINTED, ON_SLIDES, CREDITS = 8.0, 14.0, 9.0


@dataclass
class Files:
    """What the files of a plan show: maps and texts by file, names of zones."""

    plan: ExportedPlan
    maps: dict[str, Drawn]
    texts: dict[str, str]
    legends: dict[str, str]

    @property
    def names(self) -> dict[str, str]:
        """Names of the zones (ids) that no other zone's name contains."""
        names = {zone.id: zone.name for zone in self.plan.study.plan.zones}
        return {
            code: name
            for code, name in names.items()
            if sum(name in other for other in names.values()) == 1
        }


def scenario(service: Scenarios, study: Study, rank: int) -> Work:
    """Return a scenario of lycées that go to a zone beside theirs, as far as rules allow."""
    chance, work, moved = np.random.default_rng(rank), service.new(), set[str]()
    beside = study.territory.neighbours
    lycees = [lycee for lycee in study.plan.lycees if beside[lycee]]
    if rank == NEW_ZONE:
        zone = {"zone": "NEUF", "name": "Zone nouvelle", "sector": study.plan.sectors[0].id}
        work = service.record(work, "create_zone", zone)
        first = str(chance.choice(study.plan.lycees_of(study.plan.sectors[0].id)))
        work = service.record(work, "move", {"moves": {first: "NEUF"}})
        moved.add(first)
    while len(moved) < MOVES[rank]:
        lycee = str(chance.choice(lycees))
        other = work.plan.zone_of(str(chance.choice(sorted(beside[lycee]))))
        if lycee in moved or other == work.plan.zone_of(lycee):
            continue
        try:
            work = service.record(work, "move", {"moves": {lycee: other.id}})
        except GeozonesError:
            continue
        moved.add(lycee)
    return work


def views_of(exported: ExportedPlan) -> dict[str, Dossier]:
    """Return the views of a plan that files show: region, what changes, a sector that changes."""
    views = {"region": dossier(exported, ExportView())}
    study = exported.study
    sector = study.plan.sectors[0].id
    if study.moved:
        views["pair"] = dossier(exported, ExportView("before-after"))
        sector = study.plan.sector_of(study.moved[0]).id
    views["sector"] = dossier(exported, ExportView("sector", sector))
    return views


def files_of(exported: ExportedPlan, monkeypatch: pytest.MonkeyPatch) -> Files:
    """Make every file that has a map of a plan, and note its maps."""
    maps: dict[str, Drawn] = {}
    texts: dict[str, str] = {}
    legends: dict[str, str] = {}

    def made[T](name: str, make: Callable[[], T]) -> T:
        with watched(monkeypatch) as drawn:
            content = make()
        maps[name] = drawn
        return content

    views = views_of(exported)
    for name, view in views.items():
        for size in ("hd", "a4"):
            png = f"png {size} {name}"
            made(png, lambda view=view, size=size: format_of("png").make(view, size))
            texts[png] = "\n".join(text for _, text, _ in maps[png].sizes)
            if name != "pair":
                legends[png] = texts[png]
        if name == "region" and len(views) == 3:
            continue
        deck = made(f"pptx {name}", lambda view=view: format_of("pptx").make(view))
        texts[f"pptx {name}"] = deck_text(deck)
        made(f"pdf {name}", lambda view=view: format_of("pdf").make(view))
        made(f"aperçu {name}", lambda view=view: link_picture(None, view))  # type: ignore[arg-type]
    shown = views.get("pair", views["region"])
    if shown.comparison is not None:
        for scene in near_changes(shown.comparison.scene, shown.scene):
            made(
                f"direction {scene.view.key}",
                lambda scene=scene: near_changes_for_screen(None, scene, shown.ground),  # type: ignore[arg-type]
            )
    texts["html"] = "\n".join(page_texts(format_of("html").make(views["region"])))
    texts["webinaire"] = "\n".join(page_texts(webinar_page(make_webinar(exported).webinar)))
    return Files(exported, maps, texts, legends)


JUDGES = {
    "overlaps": overlapping,
    "misplaced": misplaced,
    "leaders astray": astray,
    "without number": unnumbered,
    "without arrow": without_arrow,
}


def report(files: Files) -> dict[str, list[str]]:
    """Return what is wrong in the maps of some files, by kind of fault."""
    faults = {
        kind: [f"{name}: {each}" for name, drawn in files.maps.items() for each in find(drawn)]
        for kind, judge in JUDGES.items()
        for find in [lambda drawn, judge=judge: count(drawn.layouts, judge)]
    }
    faults["small type"] = [each for name in files.maps for each in small(files, name)]
    faults["several numbers"] = several_numbers(files)
    faults["cut legends"] = [
        name for name, text in files.legends.items() if "faute de place" in text
    ]
    plan = files.plan.study.plan
    # a lycée alone in its new zone joins nobody: no arrow can lead there
    alone = {plan.members(zone.id)[0] for zone in plan.zones if len(plan.members(zone.id)) == 1}
    faults["without arrow"] = [
        fault for fault in faults["without arrow"] if fault.rpartition(" ")[2] not in alone
    ]
    faults["untold sectors"] = [
        f"{name}: {sector.name}"
        for name, text in files.legends.items()
        for sector in plan.sectors
        if name.endswith("region")
        and plan.lycees_of(sector.id)
        and not set(plain(sector.name).split()) <= set(plain(text).replace("-\n", "-").split())
    ]
    return faults


def small(files: Files, name: str) -> list[str]:
    """Return the texts of the maps of a file that are too small for where it is read.

    A picture for a screen has no size of its own.
    """
    if name.startswith(("png hd", "aperçu", "direction")):
        return []
    least = ON_SLIDES if name.startswith("pptx") else PRINTED
    return [
        f"{name}: {text[:30]} {size:.1f}"
        for size, text, credit in files.maps[name].sizes
        for bound in [CREDITS if credit else least]
        if size < bound - 0.05
    ]


def several_numbers(files: Files) -> list[str]:
    """Return the zones with more than one number, with each file that gives one."""
    numbers: dict[str, dict[str, set[int]]] = defaultdict(dict)
    for name, drawn in files.maps.items():
        for code, found in numbers_of(drawn.layouts).items():
            numbers[code][name] = found
    for name, text in files.texts.items():
        for code, found in numbers_told(text, files.names).items():
            numbers[code][f"text of {name}"] = found
    return [
        f"{code}: {by_file}"
        for code, by_file in numbers.items()
        if len(set().union(*by_file.values())) > 1
    ]


@pytest.fixture(scope="module")
def service(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenarios]:
    """Scenarios over a store of their own."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'scenarios.db'}")
    yield Scenarios(study.analysis, lambda: store, LOCAL)
    store.close()


def told(faults: dict[str, list[str]]) -> str:
    """Return the number of faults of each kind, then the faults."""
    counts = ", ".join(f"{len(found)} {kind}" for kind, found in faults.items() if found)
    return "\n".join([counts, *(each for found in faults.values() for each in found)])


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANS)
def test_maps_of_the_region_have_no_fault(
    service: Scenarios, study: Study, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported = of_baseline(study.analysis)
    if name != "plan":
        work = scenario(service, study, int(name.partition(":")[0]))
        exported = of_work(study.analysis, work)
    faults = report(files_of(exported, monkeypatch))
    assert not any(faults.values()), told(faults)


@pytest.mark.parametrize("name", slow_but(ELSEWHERE, "toy"))
def test_maps_of_other_territories_have_no_fault(
    name: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as stack:
        if name == "uusimaa":
            elsewhere = open_study(stack.enter_context(other_folder(tmp_path / "d", monkeypatch)))
        else:
            elsewhere = request.getfixturevalue(name)
        lycee, beside = next(
            (lycee, max(others))
            for lycee, others in elsewhere.territory.neighbours.items()
            for others in [{o for o in others if is_elsewhere(elsewhere, lycee, o)}]
            if others
        )
        moved = elsewhere.plan.move(lycee, elsewhere.plan.zone_of(beside).id)
        exported = of_plan(elsewhere.with_plan(moved), "essai.json")
        faults = report(files_of(exported, monkeypatch))
    assert not any(faults.values()), told(faults)


def is_elsewhere(study: Study, lycee: str, other: str) -> bool:
    """Tell whether two lycées are in two zones, the first one not alone in its own."""
    zone = study.plan.zone_of(lycee)
    return zone != study.plan.zone_of(other) and len(study.plan.members(zone.id)) > 1
