"""Print the sha256 of every export and of the ``--json`` answer of every command, one a line.

Outputs are reproducible, so two versions of the code write the same ones if and only if they print
the same lines::

    python scripts/output_fingerprints.py > after.txt
    python scripts/output_fingerprints.py --checkout ../before > before.txt
    diff before.txt after.txt

Formats that only one of the two checkouts has are in its list alone.

Everything goes through the command line of the checkout, in home folders of its own. Two stores of
``tests/fixtures/exports`` are restored from backups: one has a scenario with places, posts,
comments, opinions and a webinar's story, the other has publications, links and a journal. The
search of proposals stops at a proof, not at a time, so its answer does not depend on the machine;
the seconds that it took are left out, as is the time of the restore. ``doctor`` and
``scenarios opinions links`` describe the installation: they are not compared.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from geozones.workspace.figures.study import open_study

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests"
FIXTURES = TESTS / "fixtures"
SCENARIO = FIXTURES / "exports" / "scenario.backup.json"
STORED = FIXTURES / "exports" / "store.backup.json"
#: Prints the keys of the formats of a checkout.
LIST_FORMATS = "from geozones.export.registry import REGISTRY; print(*(f.key for f in REGISTRY))"
SHIPPED_VIEWS = ("region", "sector:mayenne")
SCENARIO_VIEWS = ("region", "before-after")
DEFAULT_SIZE, OTHER_SIZES = "default", ("4k", "a4", "a3")
#: Commands asked with ``--json`` about the shipped plan, then about the scenario.
OF_A_PLAN = (
    "plan",
    "metrics",
    "metrics --max-minutes 40",
    "cost",
    "vigilance",
    "vigilance --without-tool",
    "vigilance --sector mayenne --origin outil",
    "destinations 0440001M",
    "times 0440001M 0720012X",
    "times accuracy",
    "teams needs",
    "teams needs --basis eleves",
    "teams propose --zone MEL-2",
    "teams absence --sector mayenne",
    "teams absence MAY-3:1 --from 2026-01-05 --to 2026-01-16",
)
#: Commands asked about the shipped plan only.
OF_THE_SHIPPED_PLAN = (
    "move 0490003M MEL-2",
    "propose --sector mayenne --max-moves 2",
    "propose --sector mayenne --max-moves 1 --sizes 3-5 --max-minutes 40 --lock 0530010Y",
    "propose --max-moves 1 --change-sector --without zone_minutes",
    "journal {journal}",
    "journal {journal} --sector mayenne",
    "import {lycees}",
    "scenarios publications",
    "scenarios publications livree",
    "scenarios list",
    "scenarios show {scenario}",
    "scenarios log",
    "scenarios comments list {scenario}",
)
#: Commands asked about the store of ``STORED``.
OF_A_STORE = (
    "scenarios list",
    "scenarios show tout",
    "scenarios show branches",
    "scenarios log",
    "scenarios compare tout branches",
    "admin verify {backup}",
    "scenarios publications",
    "scenarios publications p1",
    "scenarios publications p2",
)
_TABLES = ("comments", "opinions")
#: Former names of commands, for a checkout that has not the new ones.
_FORMER = {
    "admin restore": "scenarios restore",
    "admin verify": "scenarios verify",
    "scenarios comments export": "voices export --table commentaires",
    "scenarios comments list": "voices list",
    "scenarios opinions export": "voices export --table avis",
    "scenarios publications": "publications list",
}
#: Ids of proposed posts, which are drawn anew each time.
_DRAWN = re.compile(r'"tip-[0-9a-f]{10}"')
#: Seconds of a search, and the time of the restore in the log: they differ from run to run.
_SECONDS = re.compile(r'("(?:[a-z_]*seconds|elapsed)": )[0-9.e-]+')
_RESTORED = re.compile(datetime.now(UTC).strftime("%Y-%m-%dT") + r"[0-9:.]+(?:Z|\+00:00)")


@dataclass(frozen=True)
class CommandLine:
    """The command line of a checkout, and the home folder that it works in."""

    checkout: Path
    home: Path

    def run(self, *arguments: str) -> str:
        """Return what a command prints; the script stops where one fails."""
        finished = self._run("geozones", *self._named(arguments))
        if finished.returncode:
            sys.exit(f"geozones {' '.join(arguments)}: {finished.stderr}")
        return finished.stdout

    def _named(self, words: Sequence[str]) -> list[str]:
        """Return the words of a command as this checkout names it."""
        source = self.checkout / "src" / "geozones" / "cli" / "maintenance.py"
        if "admin = group(" in source.read_text(encoding="utf-8"):
            return list(words)
        for name, former in _FORMER.items():
            count = len(name.split())
            if " ".join(words[:count]) == name:
                if former == "publications list" and len(words) > count:
                    return ["publications", "show", *words[count:]]
                return [*former.split(), *words[count:]]
        return list(words)

    def formats(self) -> list[str]:
        """Return the keys of the formats that this checkout has."""
        return self._run("python", "-c", LIST_FORMATS).stdout.split()

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if name[:9] != "GEOZONES_"}
        return subprocess.run(  # noqa: S603 - commands of this project
            [self.checkout / ".venv" / "bin" / program, *arguments],
            env=kept | {"GEOZONES_HOME": str(self.home)},
            cwd=self.checkout,
            capture_output=True,
            text=True,
            check=False,
        )

    def answer(
        self, command: str, files: Mapping[str, Path | str], plan: str = ""
    ) -> Iterator[str]:
        """Yield the line of a command's answer: its status too, as some answers are refusals."""
        chosen = ("--scenario", plan) if plan else ()
        asked = [word.format(**files) for word in command.split()]
        finished = self._run("geozones", *self._named(asked), *chosen, "--json")
        said = _SECONDS.sub(r"\1…", finished.stdout + finished.stderr)
        said = _DRAWN.sub('"…"', _RESTORED.sub("NOW", said))
        for folder, name in ((self.home, "HOME"), (self.checkout, "CHECKOUT"), (ROOT, "CHECKOUT")):
            said = said.replace(str(folder), name)
        yield (
            f"{'scenario' if plan else self.home.name} {command} --json "
            f"status {finished.returncode}, {len(said)} characters {_sha256(said.encode())}"
        )

    def export(self, plan: str, view: str, kind: str, size: str) -> Iterator[str]:
        """Yield the line of an export, or one for each member of a zip."""
        file = self.home / "-".join((plan or "shipped", view.replace(":", "-"), size, kind))
        chosen = ("--scenario", plan) if plan else ()
        looked = () if kind == "zip" else ("--view", view)
        sized = ("--size", size) if size != DEFAULT_SIZE else ()
        self.run("export", *chosen, *looked, *sized, "--format", kind, "--out", str(file))
        name = f"{'scenario' if plan else 'shipped'} {view} {kind} {size}"
        yield from _lines_of_file(name, file)

    def bilan(self, journal: Path, kind: str) -> Iterator[str]:
        """Yield the line of the bilan of a journal."""
        file = self.home / f"bilan.{kind}"
        self.run("bilan", "--out", str(file), "--journal", str(journal))
        yield from _lines_of_file(f"shipped bilan {kind}", file)

    def voices(self, scenario: str, table: str) -> Iterator[str]:
        """Yield the line of a table of comments, opinions or links."""
        file = self.home / f"{table}.csv"
        self.run("scenarios", table, "export", scenario, "--out", str(file))
        yield from _lines_of_file(f"scenario {table} csv", file)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _lines_of_file(name: str, file: Path) -> Iterator[str]:
    if file.name.endswith("zip"):
        with zipfile.ZipFile(file) as archive:
            for member in archive.namelist():
                yield f"{name} {member} {_sha256(archive.read(member))}"
    yield f"{name} {_sha256(file.read_bytes())}"


def exports(scenario: str, formats: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the exports to make: a scenario's id or nothing, a view, a format, a sheet's size."""
    for plan, views in (("", SHIPPED_VIEWS), (scenario, SCENARIO_VIEWS)):
        for view in views:
            for kind in formats:
                yield plan, view, kind, DEFAULT_SIZE
        yield plan, "region", "zip", DEFAULT_SIZE
    for size in OTHER_SIZES:
        yield "", "region", "png", size


def tasks(checkout: Path, folder: Path) -> Iterator[Callable[[], Iterator[str]]]:
    """Yield the functions that print lines, once the two stores are restored."""
    shipped = CommandLine(checkout, folder / "shipped")
    stored = CommandLine(checkout, folder / "stored")
    shipped.run("admin", "restore", str(SCENARIO))
    stored.run("admin", "restore", str(STORED))
    scenario = json.loads(shipped.run("scenarios", "list", "--json"))["scenarios"][0]["id"]
    journal = _sample_journal(folder)
    lycees = ROOT / "data" / "lycees.geojson"
    given = {"journal": journal, "backup": STORED, "lycees": lycees, "scenario": scenario}
    for export in exports(scenario, shipped.formats()):
        yield partial(shipped.export, *export)
    for command in OF_A_PLAN:
        yield partial(shipped.answer, command, given)
        yield partial(shipped.answer, command, given, scenario)
    for command in OF_THE_SHIPPED_PLAN:
        yield partial(shipped.answer, command, given)
    for command in OF_A_STORE:
        yield partial(stored.answer, command, given)
    for kind in ("pdf", "pptx", "xlsx"):
        yield partial(shipped.bilan, journal, kind)
    for table in _TABLES:
        yield partial(shipped.voices, scenario, table)


def _sample_journal(folder: Path) -> Path:
    """Write the interventions of an invented journal of two months, the same for each checkout."""
    sys.path.insert(0, str(TESTS))
    from helpers.sample_files import sample_files, sample_of, school_days  # noqa: PLC0415

    study = open_study()
    sectors = [sector.id for sector in study.plan.sectors if sector.experimental]
    days = school_days(date(2025, 9, 1), 2, study.atlas.school)
    (name, content), *_ = sample_files(study, sample_of(study, sectors, days, 1), 1)
    (folder / name).write_bytes(content)
    return folder / name


def main() -> None:
    """Make every output and print the lines."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--checkout", type=Path, default=ROOT, help="whose .venv/bin/geozones")
    parser.add_argument("--jobs", type=int, default=2, help="commands run at a time")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="geozones-") as folder:
        wanted = tasks(arguments.checkout.resolve(), Path(folder))
        with ThreadPoolExecutor(arguments.jobs) as jobs:
            made = jobs.map(lambda task: list(task()), wanted)
            lines = [line for each in made for line in each]
    print("\n".join(sorted(lines)))


if __name__ == "__main__":
    main()
