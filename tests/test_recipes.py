"""The recipes of CONTRIBUTING.md, followed to the letter in a copy of the checkout, work."""

import csv
import datetime as dt
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from geozones.common.french import typeset
from geozones.features.comments.use_cases import Comments
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL, VISITOR
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.service import Scenarios

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
#: title -> what is written below it
RECIPES = {
    section.partition("\n")[0]: section.partition("\n")[2]
    for section in TEXT.partition("\n## Recipes\n")[2].split("\n### ")[1:]
}
METRIC, RULE, EVENT, FIELD, ENGINE, FORMAT, COLUMN, WIDGET = RECIPES
#: Tests run where every recipe was followed: the reference and messages have what is new.
LIST_TESTS = ("tests/test_docs.py", "tests/cli/test_cli_export.py")
_EDIT = re.compile(r"^`(\S+)`( \(new\))?\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)

type Run = Callable[..., str]


def edits(title: str) -> list[tuple[str, bool, str]]:
    """The edits of a recipe: the file, whether it is new, its text or what changes in it."""
    return [(path, bool(new), text) for path, new, text in _EDIT.findall(RECIPES[title])]


def follow(title: str, house: Path) -> None:
    for name, new, text in edits(title):
        path = house / name
        if new:
            assert not path.exists()
            path.write_text(text, encoding="utf-8")
            continue
        content = path.read_text(encoding="utf-8")
        for hunk in text.split("@@\n"):
            lines = hunk.splitlines(keepends=True)
            before = "".join(line[1:] for line in lines if line[0] in " -")
            after = "".join(line[1:] for line in lines if line[0] in " +")
            assert content.count(before) == 1, (
                f"mend the recipe in CONTRIBUTING.md: {name} has no longer, or twice:\n{before}"
            )
            content = content.replace(before, after)
        path.write_text(content, encoding="utf-8")


def copy_of_the_checkout(house: Path) -> Path:
    for name in ("src", "pages"):
        shutil.copytree(ROOT / name, house / name)
    for name in ("docs", "scripts"):
        (house / name).mkdir()
    (house / "tests" / "cli").mkdir(parents=True)
    for name in (
        "app.py",
        "pyproject.toml",
        "CONTRIBUTING.md",
        "docs/commands.fr.md",
        "docs/data.md",
        "docs/guide.fr.md",
        "docs/reference.md",
        "docs/service.md",
        "scripts/command_reference.py",
        "tests/conftest.py",
        "tests/cli/conftest.py",
        *LIST_TESTS,
    ):
        shutil.copy2(ROOT / name, house / name)
    for name in ("data", "static", ".streamlit", "tests/helpers"):
        (house / name).symlink_to(ROOT / name)
    return house


def run_in(house: Path, *arguments: str, **variables: str) -> str:
    """Run Python in a copy of the checkout; return what it printed."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=house,
        env=os.environ | {"PYTHONPATH": str(house / "src")} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.fixture
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Run:
    """Run Python in a checkout where one recipe was followed."""
    house = copy_of_the_checkout(tmp_path)
    follow(request.param, house)

    def of_house(*arguments: str, **variables: str) -> str:
        return run_in(house, *arguments, **variables)

    return of_house


def after(title: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("run", [title], indirect=True, ids=[""])


def geozones(run: Run, *arguments: str, **variables: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(
        run("-m", "geozones.cli", *arguments, "--json", **variables)
    )
    return answer


def shortest(study: Study, zone: str) -> float:
    members, table = study.plan.members(zone), study.times.both_ways
    return min(table[a][b] for a in members for b in members if a != b)


@pytest.mark.slow
@after(METRIC)
def test_the_metric_is_in_the_json_in_the_table_and_in_the_workbook(
    run: Run, study: Study, tmp_path: Path
) -> None:
    book = tmp_path / "plan.xlsx"
    printed = run(
        "-c",
        "import json, sys\n"
        "from geozones.cli import main\n"
        "from geozones.ui.carte import drawer\n"
        "from geozones.workspace.figures.study import open_study\n"
        "main(['metrics', '--json'])\n"
        f"main(['export', '--format', 'xlsx', '--out', {str(book)!r}, '--json'])\n"
        "print(json.dumps(str(drawer.zones_table(open_study(), None, ''))))\n",
    )
    metrics, _, table = (json.loads(line) for line in printed.splitlines())
    zone = study.plan.zones[0]
    assert metrics["zones"][zone.id]["min_minutes"] == round(shortest(study, zone.id), 2)
    least = min(shortest(study, each.id) for each in study.plan.zones)
    assert metrics["region"]["min_minutes"] == round(least, 2)
    assert "Trajet le plus court" in table
    head, first, *_ = openpyxl.load_workbook(book).worksheets[2].iter_rows(values_only=True)
    column = head.index("Trajet le plus court de la zone (min)")
    named = next(zone for zone in study.plan.zones if zone.name in first)
    assert first[column] == round(shortest(study, named.id), 1)


@pytest.mark.slow
@after(RULE)
def test_the_rule_is_in_the_breaches(run: Run, study: Study) -> None:
    points = geozones(run, "vigilance")["points"]
    mine = [breach for breach in points if breach["rule"] == "one_departement"]
    lycees = study.territory.lycees
    mixed = {
        zone.id
        for zone in study.plan.zones
        if len({lycees[lycee].departement for lycee in study.plan.members(zone.id)}) > 1
    }
    assert {breach["zone"] for breach in mine} == mixed
    assert mine[0]["sentence"].endswith("est sur 2 départements.")


@pytest.mark.slow
@after(EVENT)
def test_the_event_is_saved_described_and_undone(run: Run, study: Study, tmp_path: Path) -> None:
    one, other = (study.plan.members(zone.id)[0] for zone in study.plan.zones[:2])
    database = f"sqlite:///{tmp_path}/scenarios.db"
    printed = run(
        "-c",
        "import json\n"
        "from geozones.cli import main\n"
        "from geozones.workspace.roles import LOCAL\n"
        "from geozones.workspace.scenarios.service import Scenarios\n"
        "from geozones.workspace.scenarios.backups import open_store\n"
        "from geozones.workspace.figures.study import open_study\n"
        "study, store = open_study(), open_store()\n"
        "scenarios = Scenarios(study.analysis, lambda: store, LOCAL)\n"
        f"swapped = {{'lycees': [{one!r}, {other!r}]}}\n"
        "work = scenarios.record(scenarios.new(), 'swap', swapped)\n"
        "work = scenarios.open(work.scenario.id)\n"
        f"print(json.dumps([work.plan.zone_of(key).id for key in ({one!r}, {other!r})]))\n"
        "print(json.dumps(scenarios.step(work, 'undo').plan == study.plan))\n"
        "main(['scenarios', 'show', work.scenario.id, '--json'])\n",
        GEOZONES_DATABASE_URL=database,
    )
    zones, undone, shown = (json.loads(line) for line in printed.splitlines())
    assert zones == [study.plan.zone_of(other).id, study.plan.zone_of(one).id]
    assert undone
    assert shown["events"][0]["text"] == f"{study.name(one)} ⇄ {study.name(other)}"


@pytest.mark.slow
@after(FIELD)
def test_the_field_is_kept_listed_exported_and_restored(
    run: Run, study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    code, first, second = comments_of_today(study)
    table, file = str(tmp_path / "comments.csv"), str(tmp_path / "backup.json")
    steps: tuple[tuple[str, ...], ...] = (
        ("scenarios", "comments", "hide", first, "--reason", "doublon"),
        ("scenarios", "comments", "list", code),
        ("scenarios", "comments", "export", code, "--out", table),
        ("admin", "backup", file),
    )
    *_, listed, _, saved = each_command(run, *steps)
    kept = {comment["id"]: comment for comment in listed["comments"]}
    hidden, shown = kept[first], kept[second]
    assert dt.datetime.fromisoformat(hidden["hidden_at"]).tzinfo == dt.UTC
    assert "hidden_at" not in shown
    text = Path(table).read_text(encoding="utf-8-sig")
    rows = csv.DictReader(io.StringIO(text), delimiter=";")
    cells = {row["commentaire"]: row["masque_le"] for row in rows}
    assert cells == {first: hidden["hidden_at"], second: ""}
    assert saved["restorable"]
    monkeypatch.setenv("GEOZONES_DATABASE_URL", f"sqlite:///{tmp_path}/restored.db")
    _, again = each_command(
        run, ("admin", "restore", file), ("scenarios", "comments", "list", code)
    )
    assert again == listed


def comments_of_today(study: Study) -> tuple[str, str, str]:
    """Leave two comments in a store made without the recipe.

    Return the ids of the scenario and of both comments.
    """
    lycee, zone = study.plan.lycees[0], study.plan.zones[-1]
    with closing(open_store()) as store:
        scenarios = Scenarios(study.analysis, lambda: store, LOCAL)
        work = scenarios.record(scenarios.new(), "move", {"moves": {lycee: zone.id}})
        token = scenarios.links.freeze(work, comments=True)
        visitor = Comments(lambda: store, VISITOR)
        texts = (("Ada", "une fois"), ("Ada", "deux fois"))
        first, second = (visitor.leave(token, study, f"lycee:{lycee}", each, "") for each in texts)
    return work.saved.id, first.id, second.id


def each_command(run: Run, *commands: tuple[str, ...]) -> list[dict[str, Any]]:
    """Run commands one after the other in one process; return what each printed."""
    lines = ["from geozones.cli import main"]
    lines += [f"assert main({[*command, '--json']!r}) == 0" for command in commands]
    return [json.loads(line) for line in run("-c", "\n".join(lines)).splitlines()]


@pytest.mark.slow
@after(ENGINE)
def test_times_are_asked_of_the_engine(run: Run) -> None:
    trip = geozones(run, "times", "47.2,-1.5", "48.2,-1.5", GEOZONES_ENGINES="crow")
    assert trip["source"] == "crow"
    # a degree of latitude is 111.2 km
    assert trip["minutes"] == pytest.approx(111.2 / 50 * 60, abs=0.1)


@pytest.mark.slow
@after(FORMAT)
def test_the_format_is_written(run: Run, study: Study, tmp_path: Path) -> None:
    out = tmp_path / "liste.txt"
    assert geozones(run, "export", "--format", "txt", "--out", str(out))["format"] == "txt"
    text = out.read_text(encoding="utf-8")
    assert all(typeset(study.territory.lycees[lycee].name) in text for lycee in study.plan.lycees)


@pytest.mark.slow
@after(COLUMN)
def test_the_column_is_in_the_sheet_of_each_sector(run: Run, study: Study, tmp_path: Path) -> None:
    book = tmp_path / "plan.xlsx"
    geozones(run, "export", "--format", "xlsx", "--out", str(book))
    written: dict[str, str] = {}
    for sheet in openpyxl.load_workbook(book).worksheets:
        head, *rows = sheet.iter_rows(values_only=True)
        if "Adresse" in head:
            code, address = head.index("UAI"), head.index("Adresse")
            written |= {row[code]: row[address] or "" for row in rows if row[code]}
    assert written == {key: typeset(place.address) for key, place in study.territory.lycees.items()}


@pytest.mark.slow
@after(WIDGET)
def test_the_widget_keeps_its_value_from_page_to_page(run: Run) -> None:
    printed = run(
        "-c",
        "import sys\n"
        "sys.path.insert(0, 'tests')\n"
        "import pytest\n"
        "from streamlit.testing.v1 import AppTest\n"
        "from helpers.one_navigation import one_navigation\n"
        "one_navigation(pytest.MonkeyPatch())\n"
        "def told(app):\n"
        "    app.session_state['menu.reglages'] = True\n"  # the chip that holds it
        "    app.run()\n"
        "    assert not app.exception and not app.error\n"
        "    (box,) = (b for b in app.checkbox if b.label == 'Montrer le lien de la vue')\n"
        "    drawn = any('Copier le lien de cette vue' in h.proto.body for h in app.get('html'))\n"
        "    print(box.value, drawn)\n"
        "    return box\n"
        "app = AppTest.from_file('app.py', default_timeout=600).run()\n"
        "app = told(app).uncheck().run()\n"
        "told(app)\n"
        "app.switch_page('pages/scenarios.py').run().switch_page('pages/carte.py').run()\n"
        "told(app)\n",
    )
    assert printed.splitlines() == ["True True", "False False", "False False"]


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_is_short(title: str) -> None:
    steps = edits(title)
    # a field is kept in a database that exists: its table and its migration are steps of their own
    assert 1 < len(steps) <= (7 if title == FIELD else 3)
    assert RECIPES[title].count("```") == 2 * len(steps)
    written = [line for _, new, text in steps if new for line in statements(text)]
    assert len(written) <= 15


def statements(text: str) -> list[str]:
    """Lines of code, without imports, decorators, docstrings and lone brackets."""
    bare = re.sub(r'""".*?"""', "", text, flags=re.DOTALL)
    lines = (line.strip() for line in bare.splitlines())
    aside = ("from ", "import ", "@")
    return [line for line in lines if re.search(r"\w", line) and not line.startswith(aside)]


@pytest.mark.slow
def test_all_recipes_together_have_good_style_and_are_in_the_reference(tmp_path: Path) -> None:
    house = copy_of_the_checkout(tmp_path)
    for title in RECIPES:
        follow(title, house)
    run_in(house, "scripts/command_reference.py")
    changed = [name for title in RECIPES for name, _, _ in edits(title) if name.endswith(".py")]
    run_in(house, "-m", "ruff", "check", "--no-cache", *changed)
    run_in(house, "-m", "ruff", "format", "--no-cache", "--check", *changed)
    listed = "tests/cli/test_cli_export.py::test_an_unknown_format_is_refused_with_the_list_of_all"
    for tests in ("tests/test_docs.py", listed):
        told = run_in(house, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests)
        assert "passed" in told
