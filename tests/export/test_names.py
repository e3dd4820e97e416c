"""Words of files: names in other scripts whole, French without a fault."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import openpyxl
import pytest

from geozones.common.french import typeset
from geozones.export import Dossier
from geozones.export.pictures import figure_of, laid_out
from geozones.export.registry import REGISTRY, format_of
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline
from helpers.file_texts import book_text, deck_and_notes, deck_text, page_text
from helpers.shown_words import faults

from .conftest import ARABIC, HEBREW, Drawn


def test_each_kind_of_file_has_a_name_of_its_own_that_ends_as_the_file_does() -> None:
    names = [kind.named for kind in REGISTRY]
    assert len(set(names)) == len(names)
    assert all(
        name.endswith(f" (.{kind.extension.split('.')[-1]})")
        for name, kind in zip(names, REGISTRY, strict=True)
    )
    assert {"Fiches individuelles PDF (.pdf)", "Classeur Excel (.xlsx)"} < set(names)


@pytest.fixture(scope="module")
def small(hostile: Study) -> Dossier:
    return dossier(of_baseline(hostile.analysis), ExportView("sector", "petit"))


def test_sheets_and_heads_of_minutes_have_names_as_printed_and_say_where_they_are_cut(
    toy_region: Dossier,
) -> None:
    long = "Agence de Saint-Jacques-de-la-Lande, bâtiment d'en face"
    north, *others = toy_region.sectors
    (zone, *zones) = north.zones
    lycee = replace(zone.lycees[0], name=long)
    zone = replace(zone, lycees=(lycee, *zone.lycees[1:]))
    north = replace(north, name="Côtes-d'Armor", zones=(zone, *zones))
    made = format_of("xlsx").make(replace(toy_region, sectors=(north, *others)))
    book = openpyxl.load_workbook(io.BytesIO(made))
    assert "Côtes-d’Armor" in book.sheetnames
    heads = [str(cell.value) for cell in book["Matrice"][1]]
    assert typeset(f"{long} ({lycee.commune})")[:59] + "…" in heads


def drawn_map(view: Dossier) -> bytes:
    """Return the map of a view, the lines of each name together."""
    (shown,) = laid_out(figure_of(view, "hd"))["maps"]
    return re.sub(r"(<[^>]*>)+", " ", shown["svg"]).encode()


@pytest.mark.parametrize("key", ["picture", "pptx", "html", "csv", "geojson"])
def test_names_from_right_to_left_are_whole_and_turn_nothing_else(small: Dossier, key: str) -> None:
    made = drawn_map(small) if key == "picture" else format_of(key).make(small)
    text = deck_text(made) if key == "pptx" else unescape(made.decode())
    for name in (ARABIC, HEBREW, "Lycée esrever"):
        assert name in text
    assert "\u202e" not in text
    assert "\\u202e" not in text


@pytest.mark.parametrize(
    ("key", "read"), [("html", page_text), ("pptx", deck_and_notes), ("xlsx", book_text)]
)
@pytest.mark.parametrize("subject", ["toy_region", "toy_trial"])
def test_a_file_is_in_french(
    key: str,
    read: Callable[[bytes], str],
    subject: str,
    drawn: Drawn,
    request: pytest.FixtureRequest,
) -> None:
    dossier: Dossier = request.getfixturevalue(subject)
    text = read(drawn(dossier, key)).replace("essai.json", "…")  # the name of a file given
    assert len(text) > 1000
    assert faults(text) == ()
