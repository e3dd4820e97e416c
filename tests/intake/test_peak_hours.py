"""``heures_de_pointe.json``: what is wrong with one is one French sentence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geozones.common.errors import DataFileError
from geozones.domain.peak import Moment, PeakProfile
from geozones.intake.json_files import read_peak_profile

COMMUNES = {"44109", "44162", "53130"}


def content() -> dict[str, Any]:
    def row(name: str, morning: object, *communes: str) -> dict[str, Any]:
        return {
            "nom": name, "matin": morning, "soir": 1.11, "origine": "mesuré",
            "source": "boucles de comptage", "villes": [{"nom": name, "communes": list(communes)}],
        }  # fmt: skip

    elsewhere = {"matin": 1, "soir": 1, "origine": "hypothèse", "source": ""}
    areas = [row("Nantes", 1.04, "44109", "44162"), row("Laval", 1, "53130")]
    return {"version": 1, "agglomerations": areas, "ailleurs": elsewhere}


def write(folder: Path, text: str) -> Path:
    (folder / "heures_de_pointe.json").write_text(text, encoding="utf-8")
    return folder


def test_areas_factors_and_whether_they_were_measured_are_read(tmp_path: Path) -> None:
    profile = read_peak_profile(write(tmp_path, json.dumps(content())), COMMUNES)
    nantes, laval = profile.areas
    assert nantes.towns == (("Nantes", frozenset({"44109", "44162"})),)
    assert (nantes.factors.at(Moment.MORNING), nantes.factors.at(Moment.EVENING)) == (1.04, 1.11)
    assert nantes.factors.measured
    assert laval.factors.at(Moment.MORNING) == 1
    assert not profile.elsewhere.measured


def test_a_folder_without_the_file_has_no_peak_hours(tmp_path: Path) -> None:
    profile = read_peak_profile(tmp_path, COMMUNES)
    assert profile == PeakProfile()
    assert all(profile.is_flat(moment) for moment in Moment)


def change(*path: object, to: object) -> Callable[[dict[str, Any]], None]:
    def alter(document: Any) -> None:
        *way, last = path
        for key in way:
            document = document[key]
        document[last] = to

    return alter


NANTES = ("agglomerations", 0)


@pytest.mark.parametrize(
    ("alter", "told"),
    [
        (change(*NANTES, "matin", to=0), "le facteur « matin » de « Nantes » est 0"),
        (change(*NANTES, "matin", to=0.98), "est 0.98 au lieu d'un nombre de 1 à 3"),
        (change(*NANTES, "matin", to=30), "est 30 au lieu d'un nombre de 1 à 3"),
        (change(*NANTES, "soir", to="beaucoup"), "« soir » de « Nantes » est 'beaucoup'"),
        (change(*NANTES, "soir", to=float("nan")), "est nan au lieu d'un nombre"),
        (change(*NANTES, "soir", to=None), "est None au lieu d'un nombre"),
        (change("ailleurs", "soir", to=True), "« soir » de « ailleurs » est True"),
        (change(*NANTES, "villes", 0, "communes", 0, to="99999"), "« 99999 » n'est le code d'au"),
        (change(*NANTES, "villes", 0, "communes", 0, to=44109), "44109 n'est pas un texte"),
        (change(*NANTES, "villes", 0, "communes", 0, to="53130"), "commune 53130 est dans deux"),
        (change(*NANTES, "villes", to=3), "altéré"),
        (change(*NANTES, "origine", to="vu"), "« vu » au lieu de « mesuré » ou « hypothèse »"),
        (change("agglomerations", to=None), "altéré"),
        (change("version", to=2), "autre version que 1"),
        (lambda document: document.pop("ailleurs"), "il y manque le champ « ailleurs »"),
        (lambda document: document["agglomerations"][1].pop("soir"), "le champ « soir »"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(
    tmp_path: Path, alter: Callable[[dict[str, Any]], None], told: str
) -> None:
    document = content()
    alter(document)
    said = refusal(write(tmp_path, json.dumps(document)))
    assert told in said


@pytest.mark.parametrize("text", ["", "[1]", '{"version": 1, "agglomerations": [', "\x00"])
def test_a_file_that_is_no_json_object_is_refused(tmp_path: Path, text: str) -> None:
    refusal(write(tmp_path, text))


def refusal(folder: Path) -> str:
    with pytest.raises(DataFileError) as caught:
        read_peak_profile(folder, COMMUNES)
    said = str(caught.value)
    assert "heures_de_pointe.json" in said
    assert said.endswith(".")
    assert "\n" not in said
    return said
