"""Files of another network: its own nouns everywhere, none of today's."""

import io
import re
from collections.abc import Iterator
from zipfile import ZipFile

import pytest

from geozones.export.registry import format_of
from geozones.export.webinar import webinar_page
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import of_baseline, of_plan
from geozones.workspace.study import Study
from geozones.workspace.webinar.story import make_webinar
from helpers.other_network import NOUNS, agencies

from .conftest import LOOKS


def office_texts(content: bytes) -> Iterator[str]:
    """Yield the texts of an Office document, between its tags."""
    with ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                yield from re.split("<[^>]*>", archive.read(name).decode())


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("key", ["xlsx", "pptx"])
def test_a_workbook_and_a_deck_have_the_nouns_of_the_network(
    toy: Study, key: str, look: str
) -> None:
    with agencies():
        subject = of_plan(toy.with_plan(toy.plan.move("D", "S1")), "essai.json")
        said = set(office_texts(format_of(key).make(dossier(subject, LOOKS[look]))))
    assert [text for text in said if NOUNS.search(text)] == []
    assert {"Agence", "Agences"} & said


def test_a_webinar_has_the_nouns_of_the_network(toy: Study) -> None:
    with agencies():
        webinar = make_webinar(of_baseline(toy.analysis)).webinar
        page = webinar_page(webinar).decode()
    words = page.partition('<div id="words"')[2].partition('<div id="maps"')[0]
    assert "agences publiques" in words
    assert NOUNS.search(words) is None
