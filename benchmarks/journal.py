"""A journal of 300,000 rows read, kept and observed: seconds and peak memory.

Run ``python benchmarks/journal.py``. Prints one table and exits 1 when a target is missed. See
README.md.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROWS = 300_000
#: Seconds of the one thread that works, and peak resident memory of its process.
SECONDS, MEMORY_MB = 15.0, 600
_TECHNICIANS, _DAYS, _LYCEES = 110, 480, ("0490003M", "0530010Y", "0440062D", "0490002L")

CHILD = """
import json, os, resource, sys, tempfile, time
from datetime import date
from pathlib import Path
os.environ["GEOZONES_HOME"] = tempfile.mkdtemp()
from geozones.workspace.figures.study import open_study
from geozones.features.experiment.model import bilan_of
from geozones.features.experiment.use_cases import Journals
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.backups import open_store
study = open_study()
store = open_store(f"sqlite:///{os.environ['GEOZONES_HOME']}/scenarios.db")
journals = Journals(lambda: store, LOCAL, date(2026, 11, 26))
times = {}
def step(name, act):
    begun, clock = time.process_time(), time.perf_counter()
    answer = act()
    times[name] = time.process_time() - begun, time.perf_counter() - clock
    return answer
content = Path(sys.argv[1]).read_bytes()
done = step("importer", lambda: journals.add(study, "glpi.csv", content))
del content
journal = step("relire", journals.read)
step("bilan", lambda: bilan_of(study, journal))
for sector in study.plan.sectors[:3]:
    step(f"bilan {sector.id}", lambda: bilan_of(study, journal, sector=sector.id))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({
    "times": times, "peak_mb": peak, "rows": done.file.rows, "left_out": done.reading.rows_left_out
}))
"""


def rows() -> Iterator[bytes]:
    """Yield the lines of an export of GLPI over two years, of which one in a hundred is spoilt."""
    heads = (
        "ID", "Titre", "Statut", "Date d'ouverture", "Date de résolution", "Lieu",
        "Attribué à - Technicien", "Niveau", "Durée totale",
    )  # fmt: skip
    yield (";".join(f'"{head}"' for head in heads) + "\n").encode()
    for rank in range(ROWS):
        day = rank * _DAYS // ROWS
        month, of_month = divmod(day, 20)
        year, month = 2025 + month // 12, month % 12 + 1
        at = f"{year}-{month:02d}-{of_month + 1:02d} {8 + rank % 9:02d}:{rank % 60:02d}"
        if year == 2026 and month > 10:
            at = f"2025-{month:02d}-{of_month + 1:02d} {8 + rank % 9:02d}:{rank % 60:02d}"
        lycee = "0750001A" if rank % 100 == 0 else _LYCEES[rank % 4]
        minutes = -60 if rank % 101 == 0 else 60 * (10 + rank % 90)
        cells = (
            str(rank), f"Réseau coupé salle {rank % 40}", "Clos", at, at, f"Région > {lycee}",
            f"Technicien {rank % _TECHNICIANS}", f"Niveau {1 + rank % 3}", str(minutes),
        )  # fmt: skip
        line = ";".join(f'"{cell}"' for cell in cells) + "\n"
        yield line.encode("cp1252" if rank % 1000 == 7 else "utf-8")


def main() -> int:
    """Measure, print, and return 1 where a target is missed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "glpi.csv"
        path.write_bytes(b"".join(rows()))
        size = path.stat().st_size / 1e6
        run = subprocess.run(
            [sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, check=True
        )
    answer = json.loads(run.stdout.splitlines()[-1])
    for name, (cpu, elapsed) in answer["times"].items():
        print(f"{name:24} {cpu:6.1f} s de processeur {elapsed:6.1f} s écoulées")
    total = sum(cpu for cpu, _ in answer["times"].values())
    rows_said = f"{answer['rows']} lignes gardées, {answer['left_out']} non prises, {size:.0f} Mo"
    print(f"en tout {total:.1f} s (≤ {SECONDS:g}), {answer['peak_mb']:.0f} Mo (≤ {MEMORY_MB})")
    print(rows_said)
    return int(total > SECONDS or answer["peak_mb"] > MEMORY_MB)


if __name__ == "__main__":
    sys.exit(main())
