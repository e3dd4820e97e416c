"""Helpers shared by commands: reading files, opening the store, JSON figures, progress."""

import math
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geozones.common.errors import InputError
from geozones.common.files import ordinary, why
from geozones.metrics import Change, Judgement
from geozones.workspace.analysis import Analysis
from geozones.workspace.publications.ledger import Ledger
from geozones.workspace.publications.ledger_reading import ledger_of, read_ledger
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.scenarios.stores import open_store, store_is_there
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.workspace.scenarios.stores import Store

type Answer = dict[str, Any]

#: Keys that scripts know a figure by, beside its own.
_OLD_NAMES = {"unattended_hours": "unserved_hours"}


def content(path: Path, what: str, most: int) -> bytes:
    """Read a file, at most one byte more than ``most``; raise ``InputError`` on failure."""
    try:
        with ordinary(path).open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        msg = f"Le {what} {path} ne peut pas être lu : {why(error)}."
        raise InputError(msg) from error


@contextmanager
def store_opener() -> "Iterator[Callable[[], Store]]":
    """Yield a function that opens one store on first use; close the store afterwards."""
    opened: list[Store] = []

    def opener() -> "Store":
        if not opened:
            opened.append(open_store())
        return opened[0]

    try:
        yield opener
    finally:
        for store in opened:
            store.close()


@contextmanager
def service(analysis: Analysis) -> Iterator[Scenarios]:
    """Yield the use cases of scenarios over one store, opened on first use, closed after."""
    with store_opener() as opener:
        yield scenarios_of(analysis, opener)


def scenarios_of(analysis: Analysis, opener: "Callable[[], Store]") -> Scenarios:
    """Return the use cases of scenarios for the machine's user."""
    return Scenarios(analysis, opener, LOCAL, local_clock)


def local_clock() -> datetime:
    """Return the local time of this machine, with its time zone."""
    return datetime.now().astimezone()


def publications_of(analysis: Analysis) -> Ledger:
    """Return the ledger of publications, without creating a missing store."""
    atlas, today = analysis.territory.atlas, local_clock().date().isoformat()
    if not store_is_there():
        return ledger_of(atlas, today)
    with store_opener() as opener:
        return read_ledger(atlas, opener, today)


class Precise(float):
    """Figure kept to 6 decimals where others have 2: degrees (a decimetre), hypotheses."""


def rounded(value: float | None) -> float | None:
    """Round a figure to 2 decimals."""
    return None if value is None else round(value, 2)


def plain(value: Any) -> Any:  # noqa: ANN401
    """Convert a value to JSON: figures to 2 decimals, ``None`` for infinity, lists for tuples."""
    if isinstance(value, Precise):
        return round(float(value), 6)
    if isinstance(value, float):
        return round(value, 2) if math.isfinite(value) else None
    if isinstance(value, dict):
        named = {key: plain(entry) for key, entry in value.items()}
        return named | {old: named[key] for key, old in _OLD_NAMES.items() if key in named}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value


def violations(study: Study) -> list[Answer]:
    """Return the rule breaches of a plan as JSON, information included.

    ``zone`` is ``None`` if a whole sector breaks the rule.
    """
    return [
        {
            "rule": breach.rule,
            "severity": breach.severity.value,
            "origin": breach.origin.value,
            "sector": breach.sector_in(study.plan),
            "zone": breach.zone,
            "lycees": list(breach.lycees),
            "message": breach.message,
            "to_confirm": breach.to_confirm,
        }
        for breach in study.check()
    ]


def judged(judgement: Judgement) -> Answer:
    """Return a judgement as JSON: chances from 0 to 1, and its sentence."""
    return {
        "chance_better": judgement.better,
        "chance_worse": judgement.worse,
        "verdict": judgement.text,
    }


def figures(changes: Iterable[Change]) -> list[Answer]:
    """Return the figures of two plans as JSON, with the confidence in each difference."""
    return [_figure(change) for change in changes]


def _figure(change: Change) -> Answer:
    judgement = change.judgement
    return {
        "key": change.metric.key,
        "text": f"{change.metric.label} : {change.before_text} → {change.after_text} "
        f"({change.difference_text})",
        "before": change.before,
        "after": change.after,
        "better": change.better,
        "chance_better": None if judgement is None else judgement.better,
        "chance_worse": None if judgement is None else judgement.worse,
        "verdict": change.words,
    }


def figure_line(figure: Answer) -> str:
    """Format a figure of `figures` on one line: both values, the difference, the verdict."""
    verdict = f" : {figure['verdict']}" if figure["verdict"] else ""
    return f"{figure['text']}{verdict}"


def progress(what: str) -> Callable[[int, int], None]:
    """Return a progress callback that writes to stderr, on a terminal only."""
    shown = -1

    def tell(done: int, total: int) -> None:
        nonlocal shown
        share = 100 * done // max(total, 1)
        if share != shown and sys.stderr.isatty():
            shown = share
            end = "\n" if done == total else ""
            print(f"\r{share:3d} % ({done}/{total} {what})", end=end, file=sys.stderr, flush=True)

    return tell
