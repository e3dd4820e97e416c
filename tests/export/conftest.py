"""A region with everything that spoils a document, and what other programs read of files."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely.geometry import box

from geozones.domain import (
    DecisionStatus,
    Lycee,
    Plan,
    Provenance,
    Sector,
    TravelTimes,
    Zone,
)
from geozones.domain.plan import plan_of
from geozones.export import Dossier
from geozones.export.registry import format_of
from geozones.intake.data_folder import DataFolder
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline, of_plan
from helpers.studies import study_over

#: A name of 120 characters, an emoji, a formula, markup.
LONG = (
    "Lycée polyvalent des métiers de la mer, du bâtiment et des énergies renouvelables Marie-Louise"
)
LONG = f"{LONG} de la Tour d'Auvergne-Lauragais"[:120].ljust(120, "x")
FORMULA = '=HYPERLINK("http://127.0.0.1/?"&A1;"cliquez")'
EMOJI = "Lycée 🎓 de l'Été"
#: Written from right to left, a number in it; and a turn of direction that nothing ends.
ARABIC, HEBREW = "ثانوية النور 12", "ליסה אור"
TURNED = "Lycée \u202eesrever"
MARKUP = "<script>alert('x')</script> & Cie"
COLUMNS, ROWS = 8, 6
#: How a plan that changes is looked at.
LOOKS = {
    "region": ExportView("before-after"),
    "sector": ExportView("sector", "nord"),
}

type Drawn = Callable[[Dossier, str], bytes]
ALONE = 40


def _lycee(rank: int) -> Lycee:
    names = {0: LONG, 1: FORMULA, 2: EMOJI, 3: MARKUP, 42: TURNED, 43: ARABIC, 44: HEBREW}
    row, column = divmod(rank, COLUMNS)
    unplaced = rank == 4
    return Lycee(
        id=f"X44-lycee-{rank:02}",
        name=names.get(rank, f"Lycée numéro {rank}"),
        published_name="",
        kind="LGT",
        address="",
        postcode="44000",
        commune="Saint-Aubin-des-Châteaux" if rank != 5 else "+33 Nantes",
        insee="44001",
        departement="44",
        lat=float("nan") if unplaced else 47 - row / 10,
        lon=float("nan") if unplaced else column / 10 - 1,
        precision="adresse",
    )


def _hostile_plan(lycees: dict[str, Lycee]) -> Plan:
    """Forty zones of one in a draft sector, a zone of eight in a published one."""
    sectors = (
        Sector("grand", f"Secteur {LONG}"[:120], DecisionStatus.DRAFT),
        Sector(
            "petit",
            "Un [petit]: secteur*?",
            DecisionStatus.PUBLISHED,
            "Zoé 🎓 Ünal",
            "X44-lycee-47",
        ),
    )
    zones = [Zone(f"G{rank}", f"Zone {rank} – {LONG}"[:120], "grand") for rank in range(ALONE)]
    zones.append(Zone("P1", "@Zone & <huit>", "petit"))
    members = {key: f"G{rank}" if rank < ALONE else "P1" for rank, key in enumerate(lycees)}
    return plan_of(sectors, zones, members)


@pytest.fixture(scope="session")
def hostile() -> Study:
    """Forty-eight lycées on a grid, ten minutes a step; one drive estimated, one way cut."""
    lycees = {lycee.id: lycee for lycee in map(_lycee, range(COLUMNS * ROWS))}
    ids = tuple(lycees)
    cells = {}
    for rank, key in enumerate(ids):
        row, column = divmod(rank, COLUMNS)
        west, north = column / 10 - 1.05, 47.05 - row / 10
        cells[key] = box(west, north - 0.1, west + 0.1, north)
    places = np.array([divmod(rank, COLUMNS) for rank in range(len(ids))])
    minutes = 10.0 * np.abs(places[:, None] - places[None, :]).sum(axis=2)
    minutes[0, 1] = np.nan
    maker = np.zeros(minutes.shape, np.uint8)
    maker[46, 47] = maker[47, 46] = 1
    times = TravelTimes(
        ids,
        ids,
        minutes,
        minutes,
        Provenance("toy", "2025-01-01"),
        (Provenance("estimate", "2025-01-02"),),
        maker,
    )
    data = DataFolder(Path("toy"), lycees, _hostile_plan(lycees), (), {"date": "2025-06-11"})
    return study_over(data, times, cells)


@pytest.fixture(scope="session")
def hostile_dossier(hostile: Study) -> Dossier:
    """The whole region of hostile names, ready to be written in any format."""
    return dossier(of_baseline(hostile.analysis), ExportView())


@pytest.fixture(scope="session")
def drawn() -> Drawn:
    """Write a dossier in a format, once for all the tests that read the file.

    For dossiers of the fixtures of a session: another one, though equal, is written anew.
    """
    kept: dict[tuple[int, str], tuple[Dossier, bytes]] = {}

    def file_of(view: Dossier, key: str) -> bytes:
        if (id(view), key) not in kept:
            kept[id(view), key] = view, format_of(key).make(view)
        return kept[id(view), key][1]

    return file_of


@pytest.fixture(scope="session")
def toy_region(toy: Study) -> Dossier:
    """The toy region as it is."""
    return dossier(of_baseline(toy.analysis), ExportView())


@pytest.fixture(scope="session")
def toy_views(toy: Study) -> dict[str, Dossier]:
    """Views of the toy region where D moved from « Le Bocage » to « La Côte »; what was before.

    Two lycées are left in its zone; the four of the other are far apart.
    """
    subject = of_plan(toy.with_plan(toy.plan.move("D", "S1")), "essai.json")
    return {name: dossier(subject, look) for name, look in LOOKS.items()}


@pytest.fixture(scope="session")
def toy_trial(toy: Study) -> Dossier:
    """The toy region where D moved from « Le Bocage » to « La Côte », another sector."""
    before_after = dossier(
        of_plan(toy.with_plan(toy.plan.move("D", "S1")), "essai.json"), ExportView()
    )
    return replace(before_after, author="Région d'essai")


def layers(path: Path) -> dict[str, dict[str, Any]]:
    """What ogrinfo reads in a geographic file, by layer."""
    said = subprocess.run(
        ["ogrinfo", "-json", "-features", "-al", str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    return {layer["name"]: layer for layer in json.loads(said.stdout)["layers"]}


def converted(folder: Path, *names: str) -> dict[str, list[str]]:
    """Documents as LibreOffice prints them: the text of each page, by file name."""
    office = shutil.which("soffice")
    if office is None:
        pytest.fail("no LibreOffice here: `make test-slow` installs it")
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *names],
        cwd=folder,
        capture_output=True,
        check=True,
    )
    return {name: pages(folder / f"{Path(name).stem}.pdf") for name in names}


def pages(pdf: Path) -> list[str]:
    """The text of each page of a PDF, as pdftotext reads it, its spaces made plain."""
    said = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
    )
    plain = said.stdout.replace("\u00a0", " ").replace("\u202f", " ")
    return [" ".join(page.split()) for page in plain.split("\f")[:-1]]
