"""Nouns of the network: French agreement, sentences that take them from `terms`, faults seen."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from geozones.domain.terms import LYCEES, SITES, Noun, use_terms, worded
from helpers.agreement import disagreements
from helpers.other_network import NOUNS

SRC = Path(__file__).parents[2] / "src" / "geozones"
#: Texts of the package that have such a noun and are no sentence of the network, by file.
KEPT = {
    # A column of the data formats.
    "export/attributes.py": ("uai",),
    "export/geo.py": ("uai",),
    "features/comments/summary.py": ("uai",),
    # A text whose width tells whether the typeface can be read.
    "workspace/doctor.py": ("Région",),
    # Titles that columns of lists and journals usually have, some quoted by a message.
    "intake/site_tables.py": ("uai", "code uai"),
    "intake/site_fields.py": (
        "uai", "code uai", "numero uai", "n uai", "uai rne", "code uai rne", "uai etablissement",
    ),
    "features/experiment/journal_file.py": (
        "uai", "code uai", "technicien", "taches technicien", "attribue a technicien",
        "technicien charge du ticket", "technicien charge", "attribue a groupe de techniciens",
        "groupe de techniciens",
    ),
    "intake/travel_tables.py": ("« UAI », « Adresse » ou « Commune »",),
    # Lycées of the national directory, whatever the network; areas of France.
    "domain/identifiers.py": (
        "région",
        " (région)",
        "UAI",
    ),
    # Areas of France, and the lycées of the national list, whatever the network.
    "features/new_territory/commands.py": (
        (
            "Donnez le nom du territoire et une liste de sites, ou une région et --places lycees "
            "(geozones new --list)."
        ),
        "lister les régions, départements et EPCI, ceux de NOM s'il y en a",
        "nom du territoire, ou de la région, du département, de l'EPCI : Bretagne",
        "région, département ou EPCI dont les communes servent",
        "lycée",
    ),
    "territory/france.py": ("Aucune région, aucun département ni aucune intercommunalité « ",),
    "features/new_territory/parts.py": (
        "Partir d'une région, d'un département ou d'une intercommunalité",
        "Région, département ou intercommunalité",
        "Sans liste : les lycées connus, à la mairie de leur commune.",
        "Voir ses lycées", "lycée",
    ),
    "features/new_territory/column_plan.py": ("uai", "lycée", "liste nationale des lycées, "),
    # The name of the nouns.
    "domain/settings.py": ("lycées",),
    "intake/manifest_file.py": ("lycées",),
    # Names of columns, in the data and as the reader of journals calls them.
    "intake/directory.py": ("uai",),
}  # fmt: skip


@pytest.mark.parametrize(
    ("noun", "forms"),
    [
        (
            LYCEES.site,
            ("le lycée|de lycée|du lycée|au lycée|un lycée|d'un lycée|aucun lycée|de lycées"),
        ),
        (
            LYCEES.organisation,
            (
                "la Région|de Région|de la Région|à la Région|une Région|d'une Région|"
                "aucune Région|de Régions"
            ),
        ),
        (
            SITES.organisation,
            (
                "l'organisation|d'organisation|de l'organisation|à l'organisation|une organisation|"
                "d'une organisation|aucune organisation|d'organisations"
            ),
        ),
        (
            SITES.size,
            (
                "l'usager|d'usager|de l'usager|à l'usager|un usager|d'un usager|aucun usager|"
                "d'usagers"
            ),
        ),
    ],
)
def test_articles_agree_with_their_noun_and_are_elided(noun: Noun, forms: str) -> None:
    said = (
        noun.the, noun.of, noun.of_the, noun.to_the, noun.a, noun.of_a, noun.no, noun.of_plural,
    )  # fmt: skip
    assert said == tuple(forms.split("|"))


def test_nouns_are_counted_and_filled_into_sentences() -> None:
    size = LYCEES.size
    assert (size.counted(1), size.counted(2)) == ("1\u00a0élève", "2\u00a0élèves")
    assert (LYCEES.territory.whole, SITES.territory.whole) == (
        "toute la région",
        "tout le territoire",
    )
    text = "{Site} le plus loin {of_the_support_centre}, {sites}, {short_code}"
    assert worded(text) == "Lycée le plus loin du centre support, lycées, UAI"
    with pytest.raises(KeyError, match="siege"):
        worded("{siege}")


def test_parts_of_sentences_on_the_organisation_are_said_only_where_there_is_one() -> None:
    text = "Heures de route par an{outside_sector_technicians}. Brouillon{no_decision}."
    assert worded(text) == (
        "Heures de route par an, hors T.I.S.. Brouillon, pas une décision de la Région."
    )
    try:
        use_terms(SITES, organised=False)
        assert worded(text) == "Heures de route par an. Brouillon."
    finally:
        use_terms(LYCEES)


def texts(source: str) -> Iterator[str]:
    """Yield the texts that a module may show: no docstring, nothing without a space or a "
    "capital."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            if isinstance(node, ast.Expr):
                continue  # a docstring
            text = child.value if isinstance(child, ast.Constant) else None
            if isinstance(text, str) and not re.fullmatch(r"[a-z]+(_[a-z]+)+", text):
                yield text


def test_no_sentence_writes_a_noun_of_the_network_itself() -> None:
    bare = {
        (file.relative_to(SRC).as_posix(), text)
        for file in SRC.rglob("*.py")
        if file != SRC / "domain" / "terms.py"
        for text in texts(file.read_text(encoding="utf-8"))
        if NOUNS.search(text)
    }
    assert bare == {(file, text) for file, known in KEPT.items() for text in known}


def test_a_noun_written_in_a_sentence_is_seen() -> None:
    assert [text for text in texts('x = f"Le lycée {y}"') if NOUNS.search(text)] == ["Le lycée "]
    assert [word for word in ("la Région", "régional") if NOUNS.search(word)] == ["la Région"]
    assert list(texts('"""Return the lycée."""')) == []


@pytest.mark.parametrize(
    "text",
    [
        "une site",
        "cette site",
        "2 sites déplacées",
        "Kamppi est verrouillée : promis.",
        "toute le territoire, toute territoire",
    ],
)
def test_a_fault_is_seen(text: str) -> None:
    assert len(disagreements(text, SITES, ["Kamppi"])) == 1


def test_french_is_left_alone() -> None:
    said = "Un site, du site, aucun site. 2 sites déplacés ; 1 site n'est plus placé."
    assert disagreements(said, SITES, ["Kamppi"]) == []
