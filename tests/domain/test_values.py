"""Values of the domain, and fields that people set, described once."""

import errno
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.common.bounds import at_least, more_than
from geozones.common.errors import InputError
from geozones.common.files import write_atomically
from geozones.common.french import listing, minutes, number, plural, signed
from geozones.domain import Provenance, TravelTimes, UnknownLyceeError, is_uai, uai_key
from geozones.domain.proposal_conditions import Option, option_faults, option_fields
from geozones.workspace.figures.study import Study


def test_the_key_letter_of_a_uai_is_the_number_modulo_23() -> None:
    # 490003 = 23 x 21304 + 11, and the 12th of the 23 letters is M
    assert uai_key("0490003") == "M"
    assert is_uai("0490003M")


@given(number=st.integers(0, 9_999_999), letter=st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_one_letter_alone_makes_a_number_a_uai(number: int, letter: str) -> None:
    text = f"{number:07d}"
    assert is_uai(text + letter) == (letter == uai_key(text))


@pytest.mark.parametrize("code", ["", "0490003m", "490003M", "0490003M ", "0490003M\n", "٠٤٩٠٠٠٣M"])
def test_what_is_not_quite_a_uai_is_refused(code: str) -> None:
    assert not is_uai(code)


def test_figures_are_written_as_a_french_reader_expects_them() -> None:
    assert number(1667.34, 1) == "1\u202f667,3"
    assert signed(3.42) == "+3,4"
    assert signed(-0.5) == "\u22120,5"
    assert signed(-0.04) == "0"
    assert minutes(63.2) == "63\u00a0min"
    assert minutes(None) == "—"
    assert plural(0, "lycée") == "0\u00a0lycée"
    assert plural(2, "lycée") == "2\u00a0lycées"
    assert listing(["A", "B", "C"]) == "A, B et C"
    assert listing(["A"]) == "A"
    assert listing([]) == ""


def test_both_ways_is_the_mean_of_two_and_a_way_that_is_not_there_is_no_zero(
    toy: Study, cut_toy: Study
) -> None:
    assert toy.times.between("A", "B") == 10
    assert toy.times.between("B", "A") == 12
    assert toy.times.both_ways["A"]["B"] == toy.times.both_ways["B"]["A"] == 11
    assert minutes(math.inf) == "sans accès"
    assert signed(math.inf) == "+∞"
    assert signed(-math.inf) == "\u2212∞"
    assert signed(math.nan) == "—"
    assert math.isnan(cut_toy.times.between("A", "C"))
    assert cut_toy.times.both_ways["A"]["C"] == math.inf
    assert cut_toy.times.one_way["C"]["A"] == math.inf
    table = toy.times.minutes.copy()
    table[0, 1] = np.nan
    times = TravelTimes(toy.times.origins, toy.times.origins, table, table, toy.times.provenance)
    assert times.both_ways["A"]["B"] == math.inf
    assert times.one_way["B"]["A"] == 12


def test_a_table_of_the_wrong_shape_or_with_a_place_twice_is_refused() -> None:
    made = Provenance("toy", "2025-01-01")
    with pytest.raises(ValueError, match="shape"):
        TravelTimes(("A",), ("A", "B"), np.zeros((1, 1)), np.zeros((1, 2)), made)
    with pytest.raises(ValueError, match=r".+"):
        TravelTimes(("A", "A"), ("B", "C"), np.zeros((2, 2)), np.zeros((2, 2)), made)


def test_a_place_the_table_does_not_hold_is_an_error(toy: Study) -> None:
    with pytest.raises(UnknownLyceeError):
        toy.times.between("A", "Z")
    with pytest.raises(UnknownLyceeError):
        toy.times.require(["A", "Z"])
    toy.times.require(["A", "I"])


def test_a_file_is_written_whole_with_the_usual_rights(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    write_atomically(target, "é\n")
    assert target.read_text(encoding="utf-8") == "é\n"
    plain = tmp_path / "plain"
    plain.touch()
    assert target.stat().st_mode == plain.stat().st_mode


def test_a_write_that_fails_halfway_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "plan.json"
    target.write_text("avant", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="le disque est plein"):
        write_atomically(target, "après")
    assert target.read_text(encoding="utf-8") == "avant"
    assert list(tmp_path.iterdir()) == [target]


def test_text_that_cannot_be_encoded_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnicodeEncodeError):
        write_atomically(tmp_path / "plan.json", "\ud800")
    assert not list(tmp_path.iterdir())


@dataclass(frozen=True)
class Asked:
    moves: Annotated[int | None, at_least(0, "est 0 ou plus"), Option(name="Le nombre")] = None
    seconds: Annotated[
        float, more_than(0, "est plus grand que 0"), Option(name="Le temps", unit="s", unset="non")
    ] = 1.0
    kept: str = ""


@dataclass(frozen=True)
class AskedMore(Asked):
    way: Annotated[str, Option(label="Façon")] = "mean"


def test_only_described_fields_are_options_and_a_request_s_faults_are_in_their_order() -> None:
    assert list(option_fields(AskedMore)) == ["moves", "seconds", "way"]
    assert option_faults(Asked(0, 0.5)) == []
    assert option_faults(AskedMore(-1, float("nan"))) == [
        "Le nombre est 0 ou plus.",
        "Le temps est plus grand que 0.",
    ]


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("seconds", 60.0, "60 s"),
        ("seconds", None, "non"),
        ("moves", 12, "12"),
    ],
)
def test_a_widget_shows_a_value_by_its_name_or_with_its_unit(
    field: str, value: float | None, shown: str
) -> None:
    assert option_fields(AskedMore)[field].option.shown(value) == shown
