"""The documents name every metric, rule, setting, command and dependency."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path

import pytest
from cyclopts import App

from geozones import cli
from geozones.common.settings_file import Contacts
from geozones.cost import ITEMS
from geozones.domain import DecisionStatus, ObjectiveWeights, Settings
from geozones.domain.access import ActionKind
from geozones.domain.events import KINDS, EventChange
from geozones.domain.places import Precision
from geozones.domain.proposal_conditions import RULES as PROPOSAL_RULES
from geozones.domain.settings import CostSettings, TeamSettings
from geozones.domain.story import StepKind
from geozones.domain.teams import WorkloadRule
from geozones.export.registry import REGISTRY as FORMATS
from geozones.geocode import GeocoderWebSettings
from geozones.geocode.provider_chain import NAMES as GEOCODERS
from geozones.intake.documents import FORMS
from geozones.intake.import_report import REPAIRED
from geozones.intake.site_fields import LYCEE_FIELDS
from geozones.intake.travel_tables import DRIVE_FIELDS as TIME_COLUMNS
from geozones.metrics import REGISTRY as METRICS
from geozones.render.sheet import SIZES
from geozones.rules import REGISTRY as RULES
from geozones.rules import Rule
from geozones.travel.engine_chain import REGISTRY as ENGINES
from geozones.ui.server.web_guard import COUNTERS
from geozones.workspace.sharing.bundle import ZIP

ROOT = Path(__file__).parents[1]
REFERENCE, COMMANDS, DATA, SERVICE = (
    (ROOT / "docs" / name).read_text(encoding="utf-8")
    for name in ("reference.md", "commands.fr.md", "data.md", "service.md")
)

SETTINGS = (Settings, ObjectiveWeights, TeamSettings, CostSettings, WorkloadRule)


def rows(text: str = REFERENCE) -> dict[str, str]:
    """Table rows of a document, by the name in their first cell."""
    matches = re.findall(r"^ *(\| `([^`]+)` \|.*)$", text, re.MULTILINE)
    return {name: row for row, name in matches}


def section(text: str, title: str) -> str:
    """What is written below a title, up to the next one of its level or of a higher one."""
    level = title.index(" ")
    below = text.partition(f"\n{title}\n")[2]
    assert below
    return re.split(rf"^#{{1,{level}}} ", below, maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize("key", METRICS)
def test_every_metric_has_a_row_with_its_unit(key: str) -> None:
    unit = METRICS[key].unit or "[^|]*"
    metrics = section(REFERENCE, "## Metrics")
    assert re.search(rf"^\| `{key}` \| {unit} ?\|", metrics, re.MULTILINE)


@pytest.mark.parametrize("key", ITEMS)
def test_every_item_of_the_yearly_cost_has_a_row_with_its_hypotheses(key: str) -> None:
    assert key in rows()
    assert set(ITEMS[key].hypotheses) <= rows().keys()


@pytest.mark.parametrize("name", [kind.name for kind in ENGINES])
def test_every_engine_has_a_row(name: str) -> None:
    assert name in rows()


@pytest.mark.parametrize("name", [*GEOCODERS] + [p.value for p in Precision])
def test_every_geocoding_provider_and_precision_has_a_row(name: str) -> None:
    assert name in rows()


@pytest.mark.parametrize("name", [field.name for field in fields(GeocoderWebSettings)])
def test_every_setting_of_a_geocoding_service_is_in_the_example(name: str) -> None:
    example = REFERENCE[REFERENCE.index("[geocode]") :].partition("```")[0]
    assert re.search(rf"^{name} = ", example, re.MULTILINE)


@pytest.mark.parametrize("kind", StepKind)
def test_every_kind_of_step_of_a_webinar_has_a_row(kind: StepKind) -> None:
    assert kind in rows()


@pytest.mark.parametrize(("kind", "change"), KINDS.items())
def test_every_kind_of_event_has_a_row_with_its_data(kind: str, change: type[EventChange]) -> None:
    (data,) = re.findall(r"``(\{.*\})``", change.__doc__ or "")
    assert f"| `{data}`" in rows()[kind]


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
    if isinstance(default, bool):
        assert f"| {'yes' if default else 'no'} |" in row
    elif isinstance(default, int | float):
        assert f"| {default:g} |" in row
    elif isinstance(default, str):
        assert f"| `{default}` |" in row
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


def every_command(app: App, *words: str) -> Iterator[tuple[str, App]]:
    """Commands that run something, by the words that call them."""
    if app.default_command is not None:
        yield " ".join(words), app
    for name in app:
        if name not in {*app.help_flags, *app.version_flags}:
            yield from every_command(app[name], *words, name)


@pytest.mark.parametrize(("name", "command"), [*every_command(cli.commands())])
def test_every_command_has_its_answer_and_its_options(name: str, command: App) -> None:
    table = REFERENCE[REFERENCE.index("## Command line") :].partition("\n| command |")[2]
    assert f"geozones {name}" in rows(table)
    shared = COMMANDS[: COMMANDS.index("\n## geozones ")]
    begins = rf"^(?:#+ geozones {name}\n|- \*\*`geozones {name}(?: [A-Z[][^`]*)?`)"
    (described,) = re.findall(
        rf"{begins}(.*?)(?=^#|^- \*\*|\Z)", COMMANDS, re.MULTILINE | re.DOTALL
    )
    if f"`{name}`" not in shared:  # the page names the commands without the common options
        described += shared
    options = {
        word
        for option in command.assemble_argument_collection().filter_by(parse=True)
        for word in option.names
        if word.startswith("--")
    }
    assert [option for option in sorted(options) if not re.search(rf"`{option}\b", described)] == []


def test_the_list_of_commands_is_what_the_commands_say() -> None:
    script = ROOT / "scripts" / "command_reference.py"
    done = subprocess.run(
        [sys.executable, script, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_log_of_actions_has_every_kind_of_entry() -> None:
    cells = re.findall(r"^\| (`[^|]*`) \|", section(REFERENCE, "### The log"), re.MULTILINE)
    assert sorted(re.findall(r"`(\w+)`", " ".join(cells))) == sorted(ActionKind)


def test_the_server_has_a_row_for_every_counter() -> None:
    described = rows(section(SERVICE, "## The server"))
    assert described.keys() == {f"{counter.describe()[0].name}_total" for counter in COUNTERS}


def test_a_table_of_driving_times_has_a_row_for_every_column() -> None:
    assert rows(section(DATA, "## temps_de_reference.csv")).keys() == TIME_COLUMNS.keys()


@pytest.mark.parametrize("name", [*LYCEE_FIELDS, *REPAIRED, *FORMS])
def test_every_form_column_and_repair_of_a_list_is_described(name: str) -> None:
    lines = section(REFERENCE, "## Lists to import").splitlines()
    assert any(f"`{name}`" in line for line in lines if line.startswith("| "))


def test_every_row_of_metrics_and_rules_is_one_that_exists() -> None:
    known = {*METRICS, *(rule.key for rule in RULES)} | {kind.name for kind in ENGINES}
    known |= {field.name for owner in (*SETTINGS, Contacts) for field in fields(owner)}
    known |= KINDS.keys() | ITEMS.keys() | set(PROPOSAL_RULES)
    known |= {name for name in (*StepKind, *SIZES) if re.fullmatch("[a-z0-9_]+", name)}
    known |= set(GEOCODERS) | {precision.value for precision in Precision}
    known |= {kind.key for kind in FORMATS} | {ZIP} | {status.value for status in DecisionStatus}
    known |= set(ActionKind) & rows().keys()
    assert {name for name in rows() if re.fullmatch("[a-z0-9_]+", name)} == known


PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DEPENDENCIES = [re.split(r"[<>=\[ ]", name)[0] for name in PROJECT["dependencies"]]


def dependency_cells(name: str) -> list[str]:
    """Cells of a dependency in the table of CONTRIBUTING.md: what for, its module, where."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    row = rows(section(text, "### Dependencies of a plain install"))[name]
    return [cell.strip() for cell in row.strip("|").split("|")][1:]


@pytest.mark.parametrize("name", DEPENDENCIES)
def test_every_dependency_is_named_and_used(name: str) -> None:
    use, module, place = dependency_cells(name)
    assert use
    if place.startswith("not imported: "):
        return
    folder = ROOT / "src" / "geozones" / place.strip("`")
    files = [folder] if folder.is_file() else [*folder.rglob("*.py")]
    said = re.compile(rf"^\s*(?:import|from) {re.escape(module.strip('`'))}\b", re.MULTILINE)
    assert any(said.search(file.read_text(encoding="utf-8")) for file in files)


def test_only_dependencies_are_named() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert rows(section(text, "### Dependencies of a plain install")).keys() == set(DEPENDENCIES)
