"""Trial of the tool without one of its features: ``python scripts/without_feature.py NAME``.

The project is copied to a temporary folder, where the folder of the feature and its line in
src/geozones/feature_list.py are deleted. There « geozones metrics », « move » and « export » must
answer, and the app must open each of its pages, a scenario's sheet and a link among them. The store
is that of ``GEOZONES_DATABASE_URL``, else an empty one: its backup is written and verified.
"""

import argparse
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from geozones.feature_list import FEATURES
from geozones.ui.opened_data import current_analysis
from geozones.ui.opened_data import store as open_store
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios

ROOT = Path(__file__).resolve().parent.parent
_LIST = Path("src", "geozones", "feature_list.py")
#: Environment variable of the database, as geozones reads it.
_DATABASE = "GEOZONES_DATABASE_URL"
#: Lists of a backup that the features fill.
KEPT = ("publications", "comments", "questions", "opinions", "journal", "journal_months")
#: Words of the message of a page that failed.
_FAULT = "La faute vient de l'outil"
PAGES = ("", "equipes", "scenarios", "partager", "donnees")


def copy_without(feature: str, house: Path) -> None:
    """Copy the project to a folder, and delete a feature there; data are linked."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("src", "pages"):
        shutil.copytree(ROOT / name, house / name, ignore=ignored)
    for name in ("app.py", "pyproject.toml"):
        shutil.copy2(ROOT / name, house / name)
    for name in ("data", "static", ".streamlit"):
        (house / name).symlink_to(ROOT / name)
    shutil.rmtree(house / "src" / "geozones" / "features" / feature)
    listed = (house / _LIST).read_text(encoding="utf-8")
    line = f'    "{feature}",\n'
    if listed.count(line) != 1:
        raise SystemExit(f"{_LIST} has no single line {line.strip()}")
    (house / _LIST).write_text(listed.replace(line, ""), encoding="utf-8")


def run_in(house: Path, *arguments: str) -> str:
    """Run Python with the package of the copy; return what it printed."""
    database = os.environ.get(_DATABASE, f"sqlite:///{house}/scenarios.db")
    own = {"PYTHONPATH": str(house / "src"), _DATABASE: database}
    done = subprocess.run(  # noqa: S603 - this Python
        [sys.executable, *arguments],
        cwd=house,
        env=os.environ | own,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def check_commands(house: Path) -> None:
    """Run the commands that must work without any feature; raise if one fails."""

    def geozones(*arguments: str) -> str:
        return run_in(house, "-m", "geozones.cli", *arguments)

    sectors = json.loads(geozones("plan", "--json"))["sectors"]
    lycee, zone = sectors[0]["zones"][0]["lycees"][0], sectors[0]["zones"][1]["id"]
    assert json.loads(geozones("metrics", "--json"))  # noqa: S101
    assert json.loads(geozones("move", lycee, zone, "--json"))  # noqa: S101
    geozones("export", "--format", "zip", "--out", "plan.zip")
    for scenario in json.loads(geozones("scenarios", "list", "--json"))["scenarios"]:
        geozones("export", "--scenario", scenario["id"], "--format", "html", "--out", "plan.html")
        said = (house / "plan.html").read_text(encoding="utf-8").count("commentaire")
        print(f"a scenario's page: {said} « commentaire »")
    geozones("admin", "backup", "all.json")
    backup = json.loads((house / "all.json").read_text(encoding="utf-8"))
    print("backup: " + ", ".join(f"{len(backup.get(name, ()))} {name}" for name in KEPT))
    geozones("admin", "verify", "all.json")
    print(f"nightly: {json.loads(geozones('admin', 'nightly', '--json'))['forgotten']} forgotten")


def check_pages() -> None:
    """Open every page of the package in use, with a scenario; raise if one shows a fault."""
    logging.disable(logging.WARNING)  # Streamlit warns at each page that it runs in no server
    scenarios = Scenarios(current_analysis(), open_store, LOCAL)
    new = scenarios.new()
    lycee = new.plan.lycees[0]
    others = (zone.id for zone in new.plan.zones if zone.id != new.plan.zone_by_lycee[lycee])
    work = scenarios.record(new, "move", {"moves": {lycee: next(others)}}, "essai")
    token = scenarios.links.freeze(work)
    begin = PagesManager.__init__

    def begin_as_launched(self: PagesManager, *given: Any, **named: Any) -> None:  # noqa: ANN401
        # Streamlit takes a folder named « pages » for its older navigation, but in the launcher
        begin(self, *given, **named)
        PagesManager.uses_pages_directory = False

    setattr(PagesManager, "__init__", begin_as_launched)  # noqa: B010 - a method
    addresses = [(page, {"scenario": work.saved.id}) for page in PAGES]
    for page, query in [*addresses, ("", {"version": token})]:
        app = AppTest.from_file(str(Path.cwd() / "app.py"), default_timeout=120)
        app._page_hash = calc_hash(page)  # noqa: SLF001 - as the address of a browser does
        app.query_params.update(query)
        app.run()
        shown = " ".join(str(each.value) for each in [*app.get("html"), *app.markdown])
        faults = [str(each.value) for each in app.exception]
        faults += [shown[shown.index(_FAULT) :][:200]] if _FAULT in shown else []
        if faults or len(shown) < 100:
            raise SystemExit(f"page « {page} » : {faults or 'empty'}")
        print(f"page « {page} » : {len(shown)} characters")


def main() -> None:
    """Read the arguments, and check one feature."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "name", choices=[*FEATURES, "pages"], help="the feature (« pages »: open the pages here)"
    )
    name = parser.parse_args().name
    if name == "pages":
        check_pages()
        return
    with tempfile.TemporaryDirectory(prefix="geozones-without-") as folder:
        house = Path(folder)
        copy_without(name, house)
        check_commands(house)
        print(run_in(house, __file__, "pages").strip())


if __name__ == "__main__":
    main()
