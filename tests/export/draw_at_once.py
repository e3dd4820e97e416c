"""Draws the same view in several threads at once, then alone; exits 1 where the bytes differ.

Run by ``test_same_bytes.py`` in a process of its own, since a process whose threads share a font of
FreeType is killed by it.
"""

import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from geozones.export.registry import format_of
from geozones.workspace.figures.study import open_study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline

KEYS = ("png", "pdf", "pptx")
THREADS = 3

study = open_study(Path(sys.argv[1]))
view = dossier(of_baseline(study.analysis), ExportView("sector", "mayenne"))


def files(first: int) -> list[tuple[str, bytes]]:
    """Each format once, beginning with another in each thread."""
    return [(key, format_of(key).make(view)) for key in (*KEYS[first:], *KEYS[:first])]


with ThreadPoolExecutor(THREADS) as threads:
    drawn = [file for made in threads.map(files, range(THREADS)) for file in made]
made = defaultdict(set)
for key, content in [*drawn, *files(0)]:
    made[key].add(content)
differing = [key for key, contents in made.items() if len(contents) > 1]
sys.exit(f"not the same bytes: {', '.join(differing)}" if differing else 0)
