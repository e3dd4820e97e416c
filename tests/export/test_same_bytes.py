"""The same scenario and options give the same file; another version gives another, and says so."""

import re
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from geozones.export import Dossier
from geozones.export.registry import REGISTRY, ExportFormat, file_name, format_of
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.bundle import zip_of_all
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline, of_plan

from .conftest import Drawn


@pytest.mark.parametrize("kind", REGISTRY, ids=[kind.key for kind in REGISTRY])
def test_the_same_dossier_gives_the_same_bytes(
    kind: ExportFormat, toy: Study, toy_region: Dossier, drawn: Drawn
) -> None:
    first, again = (
        drawn(toy_region, kind.key),
        kind.make(dossier(of_baseline(toy.analysis), ExportView())),
    )
    assert len(first) > 500
    assert first == again


@pytest.mark.parametrize("kind", REGISTRY, ids=[kind.key for kind in REGISTRY])
def test_another_plan_gives_another_file(
    kind: ExportFormat, toy_region: Dossier, toy_trial: Dossier, drawn: Drawn
) -> None:
    assert drawn(toy_region, kind.key) != drawn(toy_trial, kind.key)
    assert file_name(toy_region, kind.extension) != file_name(toy_trial, kind.extension)


def test_a_file_s_name_says_what_is_in_it_and_which_version(toy: Study) -> None:
    sector = dossier(of_baseline(toy.analysis), ExportView("sector", "nord"))
    name = file_name(sector, "pptx")
    assert name == f"geozones_secteur-nord_plan-de-depart_v{sector.version.fingerprint}.pptx"


#: The lycées of both zones, by town: D leaves one and joins the other.
SHEETS = (
    "doue-descartes",
    "ernee-eiffel",
    "fresnay-fermat",
    "guerande-galilee",
    "herbignac-hugo",
    "ingrandes-ionesco",
)


def test_the_zip_for_a_webinar_holds_everything_and_tells_how_far_it_is(toy: Study) -> None:
    progress: list[tuple[int, int, str]] = []
    subject = of_plan(toy.with_plan(toy.plan.move("D", "S1")), "essai.json")
    name, content = zip_of_all(subject, lambda *step: progress.append(step))
    assert name.startswith("geozones_webinaire_plan-du-fichier-essai-json_v")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        readme = archive.read("LISEZ-MOI.txt").decode("utf-8-sig")
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
    assert {
        "1-diaporama.pptx",
        "2-webinaire.html",
        "3-carte-interactive.html",
        "4-document.pdf",
        "images/region.png",
        "images/secteur-nord.png",
        "images/secteur-sud.png",
        "images/avant-apres.png",
        *(f"fiches/{name}.pdf" for name in SHEETS),
        "donnees/geozones.xlsx",
        "donnees/geozones.gpkg",
        "LISEZ-MOI.txt",
    } == names
    assert all(entry in readme for entry in names - {"LISEZ-MOI.txt"})
    assert subject.version.fingerprint in readme
    for told in ("la carte du secteur Nord\r", "la fiche d’Eiffel", "liste d’essai"):
        assert told in readme
    steps = [done for done, _, _ in progress]
    assert steps == list(range(len(names)))


@pytest.mark.slow
def test_no_file_holds_the_time_of_its_making(toy_trial: Dossier, tmp_path: Path) -> None:
    """The same second makes the same bytes by luck: what could tell the time is looked at."""
    dated = replace(toy_trial, version=replace(toy_trial.version, date="2025-06-11"))
    for key in ("pptx", "xlsx"):
        with zipfile.ZipFile(BytesIO(format_of(key).make(dated))) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            core = archive.read("docProps/core.xml").decode()
        assert set(re.findall(r"\d{4}-\d\d-\d\d", core)) == {"2025-06-11"}, key
    path = tmp_path / "region.gpkg"
    path.write_bytes(format_of("gpkg").make(dated))
    with closing(sqlite3.connect(path)) as opened:
        stamps = {row[0] for row in opened.execute("SELECT last_change FROM gpkg_contents")}
    assert {stamp[:10] for stamp in stamps} == {"2025-06-11"}


@pytest.mark.slow
def test_threads_that_draw_at_once_get_the_bytes_of_one_alone(study: Study) -> None:
    script = Path(__file__).with_name("draw_at_once.py")
    run = subprocess.run(
        [sys.executable, script, study.atlas.data.path], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
