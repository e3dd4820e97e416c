"""Fields that people set are described once: their faults and their texts come from there."""

from dataclasses import dataclass
from typing import Annotated

import pytest

from geozones.common.bounds import at_least, more_than
from geozones.domain.proposal_conditions import Option, option_faults, option_fields


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
