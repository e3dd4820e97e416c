"""Files of another territory: none says anything of Pays de la Loire."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from geozones.domain.terms import terms
from geozones.export import Dossier
from geozones.export.registry import REGISTRY, format_of
from geozones.features.webinar.document import webinar_page
from geozones.features.webinar.use_cases import make_webinar
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline, of_plan
from helpers.agreement import disagreements
from helpers.drawn_view import drawn_view
from helpers.other_folder import NAMES, other_folder
from helpers.other_words import foreign
from helpers.slow_params import slow_but

from .conftest import pages

LOOKS = {
    "region": ExportView("before-after"),
    "sector": ExportView("sector", "est"),
}
OFFICE, PRINTED = {"xlsx", "pptx"}, {"pdf", "fiches"}


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Study]:
    """The other territory, opened."""
    with other_folder(tmp_path / "data", monkeypatch) as folder:
        yield open_study(folder)


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


def texts(key: str, content: bytes, folder: Path) -> str:
    """Return what a file says, whatever its format."""
    if key in OFFICE:
        return "\n".join(office_texts(content))
    if key in PRINTED:
        (folder / "file.pdf").write_bytes(content)
        return "\n".join(pages(folder / "file.pdf"))
    if key in {"html", "png"}:
        return "\n".join(page_texts(content))
    return content.decode("utf-8", "ignore")


FILES = [kind.key for kind in REGISTRY]


def test_columns_and_layers_have_the_words_of_the_territory(elsewhere: Study) -> None:
    made = json.loads(
        format_of("geojson").make(dossier(of_baseline(elsewhere.analysis), LOOKS["region"]))
    )
    columns = {key for feature in made["features"] for key in feature["properties"]}
    assert {"code", "codes", "sites", "usagers", "postes"} <= columns
    kinds = {feature["properties"]["couche"] for feature in made["features"]}
    assert "sites" in kinds
    assert [name for name in columns | kinds if re.search("uai|lycee|eleves|tip", name)] == []


def made(key: str, view: Dossier) -> bytes:
    """Return a file; of a picture, a drawing whose words can be read."""
    return drawn_view(view) if key == "png" else format_of(key).make(view)


@pytest.mark.parametrize("look", slow_but(LOOKS, "sector"))
@pytest.mark.parametrize("key", slow_but(FILES, "pdf", "html", "geojson", "csv", "xlsx"))
def test_a_file_says_nothing_of_another_territory(
    elsewhere: Study, key: str, look: str, tmp_path: Path
) -> None:
    moved = elsewhere.with_plan(elsewhere.plan.move("agence 4", "V-1"))
    for subject in (of_baseline(elsewhere.analysis), of_plan(moved, "essai.json")):
        said = texts(key, made(key, dossier(subject, LOOKS[look])), tmp_path)
        assert foreign(said) == []
        assert disagreements(said, terms(), NAMES) == []


def test_a_webinar_says_nothing_of_another_territory(elsewhere: Study) -> None:
    page = webinar_page(make_webinar(of_baseline(elsewhere.analysis)).webinar)
    said = "\n".join(page_texts(page))
    assert foreign(said) == []
    assert "liste du groupe Tervetuloa, 4 mars 2031" in said


#: Words of a conclusion on a plan, or on what changes.
CONCLUSION = re.compile(r"favorable|défavorable|équivalent|moins bons?\b|meilleurs?\b|dépasse")


@pytest.mark.parametrize("key", slow_but(["pdf", "pptx", "xlsx", "html", "png"], "html", "xlsx"))
def test_a_file_says_that_its_conclusions_are_on_estimates(
    elsewhere: Study, key: str, tmp_path: Path
) -> None:
    moved = elsewhere.with_plan(elsewhere.plan.move("agence 4", "V-1"))
    said = texts(key, made(key, dossier(of_baseline(elsewhere.analysis), ExportView())), tmp_path)
    assert "dépasse" not in said
    if key in {"pdf", "pptx"}:
        assert "minutes au plus entre collègues, sur des durées estimées" in said
    compared = dossier(of_plan(moved, "essai.json"), ExportView("before-after"))
    said = texts(key, made(key, compared), tmp_path)
    pages_said = said.split("\f") if key == "pdf" else [said]
    for page in pages_said:
        assert "sur des durées estimées" in page or not CONCLUSION.search(page)
    assert key == "png" or CONCLUSION.search(said)
