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


def test_who_answers_at_each_level_is_as_the_document_has_it(shipped: Organisation) -> None:
    asked = [(level.levels, shipped.by_id[level.role].called) for level in shipped.escalation]
    assert asked == [
        ("Niveaux 1 et 2", "T.I.P."), ("Niveaux 2 et 3", "T.I.S."),
        ("Après escalade", "Cellule Expertise"), ("Non assuré en interne", "Prestataires"),
    ]  # fmt: skip
    assert shipped.by_id["rns"].count == "7, un par secteur (+3)"
    assert shipped.by_id["expertise"].count == "4 chargés d'opérations (C.O.)"


def test_what_rests_on_the_place_of_words_in_the_scheme_is_marked(shipped: Organisation) -> None:
    marked = {quote.text for quote in quotes(shipped) if quote.reading}
    assert "MCO / MCS infrastructures locales" in marked
    assert not any("appui auprès des T.I.P" in text for text in marked)


def test_the_approach_ambitions_and_points_to_watch_are_quoted(shipped: Organisation) -> None:
    cards = {card.name: card for chapter in shipped.chapters for card in chapter.cards}
    dated = [quote.label for quote in cards["juin 24 – mars 25"].quotes if quote.label]
    assert dated == ["Juillet 24", "Septembre – décembre 24", "Janvier – mars 2025", "Mars 2025"]
    assert [name[:3] for name in cards if name[:1] == "0"] == ["01.", "02.", "03.", "04."]
    said = " ".join(quote.text for card in cards.values() for quote in card.quotes)
    for words in (
        "6 groupes de travail ATI",
        "4 réunions territorialisées",
        "hiérarchique ET fonctionnel des ATI à la D.E",
        "intervention lourde nécessitant plusieurs ressources",
        "Présence physique régulière des techniciens",
        "Intérêt de la fonction ATI",
        "activités hors champs de compétences",
        "« ticketing »",
    ):
        assert words in said
    assert cards["Ticketing"].quotes[0].quoted.endswith("“ticketing”. »")


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
