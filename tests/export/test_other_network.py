"""Files of another network: its own nouns everywhere, none of today's."""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from geozones.domain.terms import SITES, Noun
from geozones.export.registry import format_of
from geozones.features.webinar.document import webinar_page
from geozones.features.webinar.use_cases import make_webinar
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import of_baseline, of_plan
from helpers.agreement import disagreements
from helpers.drawn_view import drawn_view
from helpers.other_network import AGENCIES, NOUNS, agencies, using
from helpers.slow_params import slow_but

from .conftest import LOOKS, pages


def office_texts(content: bytes) -> Iterator[str]:
    """Yield the texts of an Office document, between its tags."""
    with ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                yield from re.split("<[^>]*>", archive.read(name).decode())


def page_texts(content: bytes) -> Iterator[str]:
    """Yield the texts of a page or a drawing: between its tags, in its attributes and its data."""
    page = content.decode()
    scripts = re.findall("<script>.*?</script>", page, re.DOTALL)
    yield from re.split("<[^>]*>", re.sub("<(style|script)>.*?</\\1>", "", page, flags=re.DOTALL))
    yield from re.findall('(?:title|aria-label|alt)="([^"]*)"', page)
    # the text of a function is no sentence: what it shows is within quotes, on one line
    yield from (text for script in scripts for text in re.findall('"([^"\\n]*)"', script))


def faults(said: Iterable[str]) -> list[str]:
    """Return the texts that have a noun of lycées, or do not agree with those of agencies."""
    return [text for text in said if NOUNS.search(text) or disagreements(text, AGENCIES)]


READ = {"xlsx": office_texts, "pptx": office_texts, "html": page_texts}


@pytest.mark.parametrize("look", slow_but(LOOKS, "region"))
@pytest.mark.parametrize("key", READ)
def test_a_file_has_the_nouns_of_the_network(fresh_toy: Study, key: str, look: str) -> None:
    with agencies():
        subject = of_plan(fresh_toy.with_plan(fresh_toy.plan.move("D", "S1")), "essai.json")
        said = set(READ[key](format_of(key).make(dossier(subject, LOOKS[look]))))
    assert faults(said) == []
    assert any("agence" in text.casefold() for text in said)


@pytest.mark.parametrize("key", ["pdf", "fiches"])
def test_a_printed_document_has_the_nouns_of_the_network(
    fresh_toy: Study, key: str, tmp_path: Path
) -> None:
    with agencies():
        subject = of_plan(fresh_toy.with_plan(fresh_toy.plan.move("D", "S1")), "essai.json")
        (tmp_path / "file.pdf").write_bytes(format_of(key).make(dossier(subject, LOOKS["region"])))
    words = " ".join(pages(tmp_path / "file.pdf"))
    assert faults([words]) == []
    assert "agence" in words.casefold()


def test_a_picture_has_the_nouns_of_the_network(fresh_toy: Study) -> None:
    with agencies():
        subject = of_plan(fresh_toy.with_plan(fresh_toy.plan.move("D", "S1")), "essai.json")
        said = set(page_texts(drawn_view(dossier(subject, LOOKS["region"]))))
    assert faults(said) == []
    assert any("agence" in text.casefold() for text in said)


def test_a_webinar_has_the_nouns_of_the_network(fresh_toy: Study) -> None:
    with agencies():
        said = set(page_texts(webinar_page(make_webinar(of_baseline(fresh_toy.analysis)).webinar)))
    assert any("agences" in text for text in said)
    assert faults(said) == []


def test_no_noun_at_the_head_of_a_column_is_cut(fresh_toy: Study) -> None:
    long = Noun("collaborateur", "collaborateurs")
    network = replace(SITES, size=long)
    with using(network):
        made = format_of("xlsx").make(dossier(of_baseline(fresh_toy.analysis), LOOKS["sector"]))
    heads = {
        (cell.value, sheet.column_dimensions[cell.column_letter].width)
        for sheet in load_workbook(io.BytesIO(made))
        for cell in sheet[1]
        if cell.value in {"Collaborateurs", "Site de rattachement"}
    }
    assert {head for head, _ in heads} == {"Collaborateurs", "Site de rattachement"}
    for head, width in heads:
        assert max(map(len, head.split())) < width
