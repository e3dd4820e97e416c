"""Manifest of a data folder: read, refused field by field, written, and as docs/data.md says."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from geozones.common.errors import DataFileError, InputError
from geozones.domain.identifiers import Scheme
from geozones.domain.settings import (
    CostSettings,
    DecidedHypothesis,
    FolderCredits,
    FolderDecision,
    FolderFiles,
    TerritoryManifest,
    territory,
    use_territory,
)
from geozones.intake.manifest_file import (
    KEYS,
    NAME,
    credit_of,
    manifest_of,
    manifest_toml,
    read_manifest,
)
from geozones.workspace.figures.plan_comparison import rate_note, rate_origin
from helpers.frozen_plan import SHIPPED

DOCS = (Path(__file__).parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
WHOLE = TerritoryManifest(
    name='Bretagne « ouest » "bis" \\ c:',
    created_on="2026-11-29",
    time_zone="Indian/Reunion",
    organisation="Région Bretagne",
    experiment_since="2026-09-07",
    decision=FolderDecision("2026-09-01", "la commission", "2026-17"),
    words="sites",
    scheme=Scheme.FREE,
    sizes=(2, 4),
    proposed_sizes=(2, 5),
    max_minutes=37.5,
    credits=FolderCredits("la liste", "le fond", "les minutes", "les communes"),
    files=FolderFiles("a.geojson", "b.json", "c.parquet", "d.parquet"),
    hypotheses={"absence_weight": DecidedHypothesis(1.5, 'le "comité"', "2026-12-01")},
)


def refused(text: str) -> str:
    with pytest.raises(DataFileError) as caught:
        manifest_of(text.encode())
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


def test_a_folder_without_the_file_has_the_defaults(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) == TerritoryManifest()


@pytest.mark.parametrize("manifest", [WHOLE, TerritoryManifest()])
def test_what_is_written_is_read_again(tmp_path: Path, manifest: TerritoryManifest) -> None:
    (tmp_path / NAME).write_text(manifest_toml(manifest), encoding="utf-8")
    assert read_manifest(tmp_path) == manifest


def test_nothing_unreadable_is_written() -> None:
    with pytest.raises(InputError, match="nom : contient un caractère illisible"):
        manifest_toml(TerritoryManifest(name="a\x07b"))
    with pytest.raises(InputError, match="sans chemin"):
        manifest_toml(TerritoryManifest(files=FolderFiles(sites="../secret")))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nom = 3", "nom : doit être un texte"),
        ('nom = ""', "nom : ne doit pas être vide"),
        (f'nom = "{"x" * 201}"', "nom : est un texte de plus de 200 caractères"),
        ('cree_le = "hier"', "cree_le : doit être une date, comme 2026-11-29"),
        ("cree_le = 2026-11-29T10:00:00", "cree_le : doit être une date"),
        ('fuseau = "Europe/Pariss"', "fuseau : doit être un fuseau horaire, comme"),
        ('fuseau = "../passwd"', "fuseau : doit être un fuseau horaire"),
        ('fuseau = "Europe"', "fuseau : doit être un fuseau horaire"),
        ('nome = "Bretagne"', "champ inconnu : « nome »"),
        ("[organisation]\nnom = true", "[organisation] nom : doit être un texte"),
        ("organisation = 3", "« organisation » doit être une section, écrite [organisation]"),
        ("[organisation]\nsigle = 1", "champ inconnu dans [organisation] : « sigle »"),
        ('mots = "usines"', "mots : doit être « lycées » ou « sites »"),
        ('[identifiants]\nschema = "siret"', "schema : doit être « UAI » ou « libre »"),
        ("[regles]\ntailles = [5, 3]", "[regles] tailles : doit être la plus petite"),
        ("[regles]\ntailles = [true, true]", "[regles] tailles : doit être la plus petite"),
        ("[regles]\ntailles_proposees = 4", "tailles_proposees : doit être la plus petite"),
        ("[hypotheses]\ntaux_echange = 1.5", "taux_echange : doit être { valeur = 0 à 3, par = "),
        (
            '[hypotheses]\ntaux_echange = { valeur = 4, par = "x", le = 2026-12-01 }',
            "taux_echange : doit être { valeur = 0 à 3, par = ",
        ),
        ("[regles]\ntrajet_max = nan", "trajet_max : doit être un nombre de minutes"),
        ("[regles]\ntrajet_max = 0", "trajet_max : doit être un nombre de minutes, de 1 à 600"),
        ("[decision]\ndepuis = 2026", "[decision] depuis : doit être une date"),
        ("[credits]\nsites = []", "[credits] sites : doit être un texte"),
        ('[fichiers]\nsites = "../a"', "[fichiers] sites : doit être le nom d'un fichier"),
        ('[fichiers]\nminutes = "/etc/passwd"', "minutes : doit être le nom d'un fichier"),
    ],
)
def test_each_field_is_checked_and_named(line: str, said: str) -> None:
    assert said in refused(f"version = 1\n{line}\n")


def test_every_fault_has_its_sentence() -> None:
    said = refused("version = 1\nnom = 1\n[regles]\ntrajet_max = []\n[credits]\nfonds = 'x'\n")
    assert [sentence.partition(" : ")[2] for sentence in said.split(f"{NAME}")[1:]] != []
    assert said.count(NAME) == 3


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "« version » doit être 1"),
        (b"version = 2", "« version » doit être 1"),
        (b"version = true", "« version » doit être 1"),
        (b"{}", "n'est pas du TOML lisible"),
        (b"\x89PNG\r\n\xff", "n'est pas un texte en UTF-8"),
        (b"a = " + b"[" * 50_000, "n'est pas du TOML lisible"),
        (b"version = " + b"1" * 20_000, "n'est pas du TOML lisible"),
    ],
)
def test_a_file_that_is_no_manifest_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(DataFileError, match=re.escape(said)):
        manifest_of(raw)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"#" * 5_000_000)
    with pytest.raises(DataFileError, match="trop gros"):
        read_manifest(tmp_path)


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    with pytest.raises(DataFileError, match="c'est un dossier"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "sites"),
        ('mots = "lycees"', "lycées"),
        # sections of earlier versions
        ('[mots]\njeu = "agences"\ntaille = { singulier = "lit", pluriel = "lits" }', "sites"),
        ('[mots]\njeu = "lycées"', "lycées"),
    ],
)
def test_the_words_are_those_of_lycees_or_of_sites(line: str, words: str) -> None:
    assert manifest_of(f"version = 1\n{line}\n".encode()).words == words


def test_a_rate_that_the_territory_decided_is_in_force_and_no_longer_said_undecided() -> None:
    held = territory()
    decided = DecidedHypothesis(0.5, "Comité des RNS", "2026-11-30")
    try:
        use_territory(TerritoryManifest(hypotheses={"absence_weight": decided}))
        assert CostSettings().absence_weight == 0.5
        assert rate_note(0.5) == ""
        assert rate_origin(0.5) == "0,5 : taux décidé par Comité des RNS le 30 novembre 2026"
        assert rate_note(1.0) == "taux d'essai de 1"
    finally:
        use_territory(held)
    assert rate_note(1.0) == "taux de 1, non décidé"


def test_the_documentation_has_every_field_and_no_other() -> None:
    section = DOCS[DOCS.index("## territoire.toml") :].split("\n## ")[0]
    rows = re.findall(r"^\| (?:`(\w+)` )?\| `(\w+)` \|", section, re.MULTILINE)
    assert rows == [(table, key) for table, keys in KEYS.items() for key in keys]


def test_the_shipped_folder_says_what_the_code_said() -> None:
    shipped = read_manifest(SHIPPED)
    assert shipped.organisation == "Région Pays de la Loire"
    assert (shipped.scheme, shipped.words) == (Scheme.UAI, "lycées")
    assert manifest_toml(shipped) == (SHIPPED / NAME).read_text(encoding="utf-8")


def test_the_note_beside_a_file_credits_it_until_the_file_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "lycees.csv"
    file.write_bytes(b"nom\nRacan\n")
    assert credit_of(file) == "lycees.csv"
    note = {
        "source": "Annuaire de l'éducation",
        "licence": "Licence Ouverte 2.0",
        "day": "2026-11-30",
        "address": "https://data.education.gouv.fr",
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }
    beside = tmp_path / "lycees.csv.source.json"
    beside.write_text(json.dumps(note), encoding="utf-8")
    credit = "Annuaire de l'éducation, Licence Ouverte 2.0, lu le 30 novembre 2026"
    assert credit_of(file).replace("\xa0", " ") == credit
    file.write_bytes(b"nom\n")
    assert credit_of(file).replace("\xa0", " ") == f"{credit}, modifié depuis"
    beside.write_text(json.dumps(note | {"day": "hier"}), encoding="utf-8")
    assert credit_of(file) == "lycees.csv"
