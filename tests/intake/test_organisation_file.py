"""``organisation.json``: the document's own words; what is wrong with one is a French sentence."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from geozones.common.errors import DataFileError
from geozones.domain.organisation import Organisation, Quote
from geozones.intake.json_files import ORGANISATION, read_organisation
from geozones.intake.manifest_file import find_data_folder

DOCUMENT = Path(__file__).parent / "fixtures" / "webinaire_2025-06-11.txt"


def quotes(organisation: Organisation) -> Iterator[Quote]:
    yield from organisation.principles
    for chapter in organisation.chapters:
        for card in chapter.cards:
            yield from card.quotes
    for role in organisation.roles:
        yield from role.quotes
    for level in organisation.escalation:
        yield level.quote
    for rule in organisation.work:
        yield from rule.quotes


def squeezed(text: str) -> str:
    return re.sub(r"\s+|\*", "", text)


@pytest.fixture
def shipped() -> Organisation:
    organisation = read_organisation(find_data_folder())
    assert organisation is not None
    return organisation


def test_every_quote_is_in_the_document_word_for_word(shipped: Organisation) -> None:
    document = squeezed(DOCUMENT.read_text(encoding="utf-8"))
    said = [quote.text for quote in quotes(shipped)]
    assert len(said) > 25
    assert [text for text in said if squeezed(text) not in document] == []


def test_every_source_is_a_part_of_the_document(shipped: Organisation) -> None:
    document = squeezed(DOCUMENT.read_text(encoding="utf-8")).casefold()
    for quote in quotes(shipped):
        part, _, page = quote.source.partition(" : ")
        assert squeezed(part).casefold() in document
        assert squeezed(page).casefold() in document


def test_what_rests_on_the_place_of_words_in_the_scheme_is_marked(shipped: Organisation) -> None:
    marked = {quote.text for quote in quotes(shipped) if quote.reading}
    assert "MCO / MCS infrastructures locales" in marked
    assert not any("appui auprès des T.I.P" in text for text in marked)


def test_a_folder_without_the_file_has_no_organisation(tmp_path: Path) -> None:
    assert read_organisation(tmp_path) is None


def content() -> Any:
    said = {"texte": "Une phrase", "source": "3. Une partie"}
    return {
        "version": 1,
        "source": {"auteur": "Région", "date": "2025-06-11"},
        "chapitres": [{"id": "a", "titre": "Ambitions", "fiches": [{"nom": "01", "dit": [said]}]}],
        "principes": [said],
        "roles": [{"id": "rns", "nom": "Responsables", "sigle": "RNS", "dit": [said]}],
        "escalade": [{"niveaux": "Niveau 1", "role": "rns", "dit": said}],
        "travail": {"titre": "Travail", "regles": [{"nom": "Repas", "dit": [said]}]},
    }


def without(name: str) -> Callable[[Any], None]:
    return lambda document: document.pop(name)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (without("roles"), "il y manque le champ « roles »"),
        (lambda d: d["roles"].append(d["roles"][0]), "le rôle « rns » y est deux fois"),
        (lambda d: d["chapitres"].append(d["chapitres"][0]), "le chapitre « a » y est deux fois"),
        (lambda d: d["escalade"][0].update(role="chef"), "l'escalade appelle « chef »"),
        (lambda d: d["principes"][0].pop("source"), "il y manque le champ « source »"),
        (lambda d: d["principes"][0].update(texte="  "), "n'est pas un texte"),
        (lambda d: d["source"].update(date="hier"), "altéré"),
        (lambda d: d.update(chapitres=None), "altéré"),
        (lambda d: d["chapitres"][0]["fiches"][0].pop("dit"), "il y manque le champ « dit »"),
        (lambda d: d.update(version=2), "d'une autre version"),
    ],
)
def test_a_file_that_is_wrong_is_refused_in_words(
    tmp_path: Path, spoil: Callable[[Any], None], said: str
) -> None:
    document = content()
    (tmp_path / ORGANISATION).write_text(json.dumps(document), encoding="utf-8")
    assert read_organisation(tmp_path) is not None
    spoil(document)
    (tmp_path / ORGANISATION).write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_organisation(tmp_path)
    assert said in str(caught.value)
    assert "retirez-le" in str(caught.value)
