"""What every file says of the standing of a plan: nothing is in force before a publication."""

import io
import json
import re
import sqlite3
import subprocess
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from PIL import Image

from geozones.domain import DecisionStatus, Publication
from geozones.domain.places import LocationOverrides
from geozones.export import Dossier
from geozones.export.dossier import Moved
from geozones.export.messages import of_moves
from geozones.export.registry import REGISTRY, ExportFormat, format_of
from geozones.export.reports import report_of
from geozones.features.webinar.document import webinar_page
from geozones.features.webinar.use_cases import make_webinar
from geozones.render.signs import pill_css
from geozones.ui.widgets.panel import sector_card, zone_card
from geozones.workspace.figures.study import Study
from geozones.workspace.ledger import ledger_of, with_publications
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline, of_plan
from helpers.slow_params import slow_but

from .conftest import pages

TODAY = "2026-11-28"
GREEN = pill_css(DecisionStatus.PUBLISHED)
#: Words that only a publication, or the data folder, may make true.
CLAIM = re.compile(r"en vigueur|approuv", re.IGNORECASE)
STARTING = (
    "secteurs présentés au webinaire du 11 juin 2025 ; quatre secteurs sont des brouillons de "
    "l'outil"
)
#: Every format; those of other than text, a table and a document with the slow tests.
KINDS = slow_but(REGISTRY, *map(format_of, ("html", "xlsx", "pdf")))
#: Formats that name the standing in full, not only the name of the plan.
FULL = ("pdf", "fiches", "pptx", "html", "xlsx", "geojson", "gpkg")


def plain(text: str) -> str:
    """Return a text with plain spaces and apostrophes."""
    spaced = unicodedata.normalize("NFKC", unescape(text)).replace("’", "'")
    return " ".join(spaced.split())


def words_of(content: bytes, folder: Path) -> str:
    """Return all that a file says, its properties too."""
    return plain(" ".join(_words(content, folder)))


def _words(content: bytes, folder: Path) -> Iterator[str]:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels", ".txt")):
                    # a run of a paragraph, or a cell, is a tag away from the next
                    yield re.sub(r"<[^>]+>", "", archive.read(name).decode())
    elif content.startswith(b"%PDF"):
        file = folder / "file.pdf"
        file.write_bytes(content)
        yield from pages(file)
        about = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True)
        yield about.stdout
    elif content.startswith(b"\x89PNG"):
        yield json.dumps(
            dict(Image.open(io.BytesIO(content)).info), default=str, ensure_ascii=False
        )
    elif content.startswith(b"SQLite"):
        file = folder / "file.gpkg"
        file.write_bytes(content)
        with closing(sqlite3.connect(file)) as database:
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in tables.fetchall():
                yield str(database.execute(f'SELECT * FROM "{table}"').fetchall())  # noqa: S608
    else:
        yield content.decode()


def published(study: Study, **terms: str) -> Study:
    """Return the study of the shipped plan, published by an administrator with this tool."""
    plan = study.atlas.plan_json(study.plan, LocationOverrides())
    given = {"approved_by": "Grace Hopper", "reference": "n° 12"} | terms
    entry = Publication("p1", "2026-09-01", "Ada", plan, position=1, at=TODAY, **given)
    ledger = ledger_of(study.atlas, TODAY, (entry,))
    return replace(study, analysis=with_publications(ledger, study.analysis))


def view(study: Study) -> Dossier:
    return dossier(of_baseline(study.analysis), ExportView("sector", "mayenne"))


@pytest.mark.parametrize("kind", KINDS, ids=[kind.key for kind in REGISTRY])
def test_before_a_publication_no_file_says_that_a_plan_is_in_force_or_approved(
    kind: ExportFormat, study: Study, tmp_path: Path
) -> None:
    said = words_of(kind.make(view(study)), tmp_path)
    assert CLAIM.findall(said) == []
    assert "Plan de départ" in said
    if kind.key in FULL:
        assert STARTING in said


@pytest.mark.parametrize("kind", KINDS, ids=[kind.key for kind in REGISTRY])
def test_after_a_publication_every_file_says_since_when_and_by_whom(
    kind: ExportFormat, study: Study, tmp_path: Path
) -> None:
    said = words_of(kind.make(view(published(study))), tmp_path)
    assert "Plan de départ" not in said
    assert "Plan en vigueur" in said
    if kind.key in FULL:
        assert "depuis le 1er septembre 2026, approuvé par Grace Hopper, référence n° 12" in said


@pytest.mark.parametrize("key", ["pdf", "html", "pptx", "xlsx"])
def test_a_scenario_is_compared_with_the_starting_plan(
    key: str, study: Study, tmp_path: Path
) -> None:
    moved = of_plan(study.with_plan(study.plan.move("0530040F", "MAY-4")), "essai.json")
    shown = dossier(moved, ExportView("sector", "mayenne"))
    kind = next(kind for kind in REGISTRY if kind.key == key)
    said = words_of(kind.make(shown), tmp_path)
    assert CLAIM.findall(said) == []
    assert "par rapport au plan de départ" in said
    assert re.search("[Dd]ans le secteur Mayenne", said)


def test_green_is_only_for_what_is_published_as_it_was(study: Study) -> None:
    moved = study.with_plan(study.plan.move("0720012X", "SAR-4"))
    shown = dossier(of_plan(moved, "essai.json"), ExportView())
    text = format_of("html").make(shown).decode()
    after = text[text.index('data-when="after"') : text.index('data-when="before"')]
    sectors = re.split('<details class="sector"', after)[1:]
    green = {re.search(r'data-sector="([^"]+)"', part)[1] for part in sectors if GREEN in part}  # type: ignore[index]
    assert green == {"maine-et-loire", "sud-loire-cholet"}
    for sector in moved.plan.sectors:
        assert (GREEN in str(sector_card(moved, sector))) is (sector.id in green), sector.id
    mayenne = moved.plan.zone("MAY-2")
    assert GREEN not in str(zone_card(moved, mayenne))
    assert GREEN in str(zone_card(moved, moved.plan.zone("MAY-1")))


def test_the_webinar_shows_the_starting_plan_and_a_deck_counts_the_rns_of_the_document(
    study: Study,
) -> None:
    page = webinar_page(make_webinar(of_baseline(study.analysis), today=TODAY).webinar)
    said = plain(page.decode())
    assert CLAIM.findall(said) == []
    assert STARTING in said
    region, *_ = report_of(dossier(of_baseline(study.analysis), ExportView())).pages
    assert plain(region.notes[0]).startswith("La région est découpée en 7 secteurs, ")
    assert plain(region.notes[0]).endswith(" ; le document nomme trois RNS.")


NBSP = "\u00a0"


def test_lycees_that_come_or_go_are_not_told_as_moved() -> None:
    moves = [
        Moved("Racan", "A", "B", changes_sector=False),
        Moved("Neuf", "", "B", changes_sector=False),
        Moved("Autre", "", "B", changes_sector=False),
        Moved("Ancien", "A", "", changes_sector=False),
    ]
    assert of_moves(moves) == (
        f"1{NBSP}lycée change de zone, 2{NBSP}lycées sont ajoutés et 1{NBSP}lycée est retiré"
    )
