"""Speed and memory of lists imported: the source document, and 20,000 rows.

Run ``python benchmarks/intake.py``. Prints one table and exits 1 when a target is missed. Each
measure is in a process of its own, from the bytes to the report, in seconds of its processor: the
machine is shared. See README.md.
"""

import json
import random
import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time

DOCUMENT_S, ROWS_S, ROWS_MB = 0.5, 10.0, 500.0
ROWS = 20_000
SOURCE = Path(__file__).parents[1] / "tests/intake/fixtures/webinaire_2025-06-11.txt"
CASES = {
    "source document": (DOCUMENT_S, None),
    "20,000 rows, clean": (ROWS_S, ROWS_MB),
    "20,000 rows, spoilt": (ROWS_S, ROWS_MB),
    "20,000 rows of nobody": (ROWS_S, ROWS_MB),
    "20,000 rows, XLSX": (ROWS_S, ROWS_MB),
}


def main() -> int:
    """Measure, print, and return the exit status."""
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
        return 0
    heads = ("s", "target", "elapsed", "MB", "target", "rows", "known", "left")
    print(f"{'':<24}" + "".join(f"{head:>8}" for head in heads))
    missed = False
    for name, (most_s, most_mb) in CASES.items():
        command = [sys.executable, __file__, name]
        told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        bad = told["seconds"] > most_s or (most_mb is not None and told["mb"] > most_mb)
        missed |= bad
        limit = "" if most_mb is None else f"{most_mb:.0f}"
        print(
            f"{name:<24}{told['seconds']:>8.2f}{most_s:>8.1f}{told['elapsed']:>8.2f}{told['mb']:>8.0f}{limit:>8}"
            f"{told['rows']:>8}{told['known']:>8}{told['left']:>8}  {'FAIL' if bad else 'PASS'}"
        )
    return int(missed)


def measure(name: str) -> dict[str, float]:
    """Import one list, from its bytes."""
    from geozones.intake.data_folder import read_data_folder  # noqa: PLC0415 - see below
    from geozones.intake.directory import read_directory  # noqa: PLC0415
    from geozones.intake.document_reader import read_document  # noqa: PLC0415 - one process a measure
    from geozones.intake.list_extraction import extract  # noqa: PLC0415
    from geozones.intake.manifest_file import find_data_folder  # noqa: PLC0415
    from geozones.intake.resolve import resolve  # noqa: PLC0415

    data = read_data_folder(find_data_folder())
    content = content_of(name, [(x.id, x.name, x.commune) for x in data.lycees.values()])
    start, work = perf_counter(), process_time()
    directory = read_directory(data.path, data.lycees)
    report = resolve(extract(read_document(content), directory), directory)
    return {
        "seconds": process_time() - work,
        "elapsed": perf_counter() - start,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        "rows": len(report.listing.rows),
        "known": len(report.accepted) + sum("déjà" in note.what for note in report.notes),
        "left": len(report.ambiguous) + len(report.rejected),
    }


def content_of(name: str, lycees: list[tuple[str, str, str]]) -> bytes:
    """Return the bytes of a list: known lycées again and again, each in its own zone."""
    if name == "source document":
        return SOURCE.read_bytes()
    dice = random.Random(7)  # noqa: S311 - a replay, no secret
    rows = [("Zone", "Code RNE", "Nom du lycée", "Ville")]
    for rank in range(ROWS):
        code, label, town = lycees[rank % len(lycees)]
        zone = f"Bassin {rank % len(lycees)}"
        if name.endswith("nobody"):
            code, label, town = f"05300{rank:02d}"[:7] + "Z", f"Lycée {rank}", "Paris"
        elif name.endswith("spoilt"):
            label = "".join(sign for sign in label if dice.random() > 0.03)
            town = "".join(sign for sign in town if dice.random() > 0.03)
            code = code if dice.random() > 0.2 else code[:-1] + "?"
        rows.append((zone, code, label, town))
    if name.endswith("XLSX"):
        return workbook(rows)
    return "\n".join(";".join(row) for row in rows).encode()


def workbook(rows: list[tuple[str, ...]]) -> bytes:
    """Return rows as an XLSX file."""
    import io  # noqa: PLC0415 - not part of what is measured

    import openpyxl  # noqa: PLC0415

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


if __name__ == "__main__":
    sys.exit(main())
