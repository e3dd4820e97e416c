"""Print the sha256 of every export of the shipped plan and of a scenario, one sorted line each.

Exports are reproducible, so two versions of the code make the same files if and only if they
print the same lines::

    python scripts/export_fingerprints.py > after.txt
    python scripts/export_fingerprints.py --checkout ../before > before.txt
    diff before.txt after.txt

The formats are those of the checkout: one that only one of the two has is in one list alone.

Everything goes through the command line of the checkout, with a home folder of its own. The
scenario is the one of ``tests/fixtures/exports``: places, posts and a webinar's story of its own.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCENARIO = ROOT / "tests" / "fixtures" / "exports" / "scenario.backup.json"
#: Prints the keys of the formats of a checkout.
LIST_FORMATS = "from geozones.export.registry import REGISTRY; print(*(f.key for f in REGISTRY))"
SHIPPED_VIEWS = ("region", "sector:mayenne", "zone:NAN-5")
SCENARIO_VIEWS = ("region", "before-after")
OTHER_SIZES = ("4k", "a4", "a3")


@dataclass(frozen=True)
class CommandLine:
    """The command line of a checkout, and the home folder that it works in."""

    checkout: Path
    home: Path

    def run(self, *arguments: str) -> str:
        """Return what a command prints; the script stops where one fails."""
        return self._run("geozones", *arguments)

    def formats(self) -> list[str]:
        """Return the keys of the formats that this checkout has."""
        return self._run("python", "-c", LIST_FORMATS).split()

    def _run(self, program: str, *arguments: str) -> str:
        kept = {name: value for name, value in os.environ.items() if name[:9] != "GEOZONES_"}
        finished = subprocess.run(  # noqa: S603 - commands of this project
            [self.checkout / ".venv" / "bin" / program, *arguments],
            env=kept | {"GEOZONES_HOME": str(self.home)},
            cwd=self.checkout,
            capture_output=True,
            text=True,
            check=False,
        )
        if finished.returncode:
            sys.exit(f"{program} {' '.join(arguments)}: {finished.stderr}")
        return finished.stdout

    def export(self, plan: str, view: str, kind: str, size: str) -> Iterator[str]:
        """Yield the line of an export, or one for each member of a zip."""
        file = self.home / "-".join((plan or "shipped", view.replace(":", "-"), size, kind))
        chosen = ("--scenario", plan) if plan else ()
        looked = () if kind == "zip" else ("--view", view)
        options = ("--format", kind, "--size", size, "--out", str(file))
        self.run("export", *chosen, *looked, *options)
        name = f"{'scenario' if plan else 'shipped'} {view} {kind} {size}"
        if kind == "zip":
            with zipfile.ZipFile(file) as archive:
                for member in archive.namelist():
                    yield f"{name} {member} {_sha256(archive.read(member))}"
        yield f"{name} {_sha256(file.read_bytes())}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def exports(scenario: str, formats: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield what is exported: a scenario's id or nothing, a view, a format, a sheet's size."""
    for plan, views in (("", SHIPPED_VIEWS), (scenario, SCENARIO_VIEWS)):
        for view in views:
            for kind in formats:
                yield plan, view, kind, "hd"
        yield plan, "region", "zip", "hd"
    for size in OTHER_SIZES:
        yield "", "region", "png", size


def main() -> None:
    """Export everything and print the lines."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--checkout", type=Path, default=ROOT, help="whose .venv/bin/geozones")
    parser.add_argument("--jobs", type=int, default=2, help="commands run at a time")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="geozones-") as folder:
        command_line = CommandLine(arguments.checkout.resolve(), Path(folder))
        command_line.run("scenarios", "restore", str(SCENARIO))
        listed = json.loads(command_line.run("scenarios", "list", "--json"))["scenarios"]
        with ThreadPoolExecutor(arguments.jobs) as jobs:
            wanted = list(exports(listed[0]["id"], command_line.formats()))
            made = jobs.map(lambda export: list(command_line.export(*export)), wanted)
            lines = [line for each in made for line in each]
    print("\n".join(sorted(lines)))


if __name__ == "__main__":
    main()
