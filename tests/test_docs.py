"""docs/reference.md names every metric, rule, setting and command."""

import argparse
import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from geozones import cli
from geozones.domain import ObjectiveWeights, Settings
from geozones.domain.events import KINDS
from geozones.domain.places import Precision
from geozones.domain.settings import TeamSettings
from geozones.domain.story import StepKind
from geozones.export.registry import REGISTRY as FORMATS
from geozones.geocode.registry import REGISTRY as GEOCODERS
from geozones.geocode.settings import WebSettings
from geozones.intake.columns import FIELDS
from geozones.intake.documents import FORMS
from geozones.intake.report import REPAIRED
from geozones.metrics import REGISTRY as METRICS
from geozones.render.sheet import SIZES
from geozones.rules import REGISTRY as RULES
from geozones.rules import Rule
from geozones.travel.registry import REGISTRY as ENGINES
from geozones.workspace.bundle import ZIP

ROOT = Path(__file__).parents[1]
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")

SETTINGS = (Settings, ObjectiveWeights, TeamSettings)


def rows() -> dict[str, str]:
    """Table rows of the reference, by the name in their first cell."""
    found = re.findall(r"^(\| `([^`]+)` \|.*)$", REFERENCE, re.MULTILINE)
    return {name: row for row, name in found}


@pytest.mark.parametrize("key", [record.key for record in METRICS])
def test_every_metric_has_a_row(key: str) -> None:
    assert key in rows()


@pytest.mark.parametrize("name", [kind.name for kind in ENGINES])
def test_every_engine_has_a_row(name: str) -> None:
    assert name in rows()


@pytest.mark.parametrize("name", [kind.name for kind in GEOCODERS] + [p.value for p in Precision])
def test_every_geocoding_provider_and_precision_has_a_row(name: str) -> None:
    assert name in rows()


@pytest.mark.parametrize("name", [field.name for field in fields(WebSettings)])
def test_every_setting_of_a_geocoding_service_is_in_the_example(name: str) -> None:
    example = REFERENCE[REFERENCE.index("[geocode]") :].partition("```")[0]
    assert re.search(rf"^{name} = ", example, re.MULTILINE)


@pytest.mark.parametrize("kind", StepKind)
def test_every_kind_of_step_of_a_webinar_has_a_row(kind: StepKind) -> None:
    assert kind in rows()


def test_every_kind_of_event_is_named() -> None:
    assert [kind for kind in KINDS if f"`{kind}`" not in REFERENCE] == []


@pytest.mark.parametrize("key", [*(kind.key for kind in FORMATS), ZIP])
def test_every_format_has_a_row(key: str) -> None:
    assert key in rows()


@pytest.mark.parametrize("rule", RULES, ids=[rule.key for rule in RULES])
def test_every_rule_has_a_row_with_its_severity(rule: Rule) -> None:
    assert rule.severity.value in rows()[rule.key]


@pytest.mark.parametrize(
    ("name", "default"),
    [(field.name, field.default) for owner in SETTINGS for field in fields(owner)],
)
def test_every_setting_has_a_row_with_its_default(name: str, default: object) -> None:
    row = rows()[name]
    if isinstance(default, int | float):
        assert f"| {default:g} |" in row
    else:
        assert default is MISSING


@pytest.mark.parametrize("name", SIZES)
def test_every_size_of_sheet_has_a_row_with_its_pixels(name: str) -> None:
    width, height, _ = SIZES[name]
    assert f"{width} × {height}" in rows()[name]


def test_every_environment_variable_of_the_code_has_a_row() -> None:
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for path in [*(ROOT / "src").rglob("*.py"), *ROOT.glob("*.py"), *ROOT.glob("pages/*.py")]
    )
    named = set(re.findall(r"\bGEOZONES_[A-Z_]+\b", source))
    assert "GEOZONES_DATA_DIR" in named
    assert named <= rows().keys()


def test_every_command_and_option_is_described() -> None:
    parser = cli.parser()
    (commands,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    section = REFERENCE[REFERENCE.index("## Command line") :]
    for name, command in commands.choices.items():
        assert f"| `geozones {name}" in section
        for action in command._actions:
            for option in action.option_strings:
                assert option.startswith("-h") or option == "--help" or option in section


@pytest.mark.parametrize("name", [*FIELDS, *REPAIRED, *FORMS])
def test_every_form_column_and_repair_of_a_list_is_described(name: str) -> None:
    section = REFERENCE[REFERENCE.index("## Lists to import") :].partition("\n## ")[0]
    assert any(f"`{name}`" in line for line in section.splitlines() if line.startswith("| "))


def test_every_row_of_metrics_and_rules_is_one_that_exists() -> None:
    known = {record.key for record in (*METRICS, *RULES)} | {kind.name for kind in ENGINES}
    known |= {field.name for owner in SETTINGS for field in fields(owner)}
    known |= {name for name in (*StepKind, *SIZES) if re.fullmatch("[a-z0-9_]+", name)}
    known |= {kind.name for kind in GEOCODERS} | {precision.value for precision in Precision}
    known |= {kind.key for kind in FORMATS} | {ZIP}
    assert {name for name in rows() if re.fullmatch("[a-z0-9_]+", name)} == known
