"""Leaders of sectors and calendar, in the paragraphs around the tables of a document."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geozones.intake.documents import DocumentLine

_SECTOR = re.compile(
    r"(?:le\s+)?secteur\s+(?:de\s+la\s+|du\s+|de\s+|des\s+|d')?(?P<name>.+?)\s*[-–:]\s*"
    r"R\.?N\.?S\.?\s*:\s*(?P<rns>.+)",
    re.IGNORECASE,
)
_CENTRE = re.compile(r"centre\s+support\s*:\s*(?P<centre>.+)", re.IGNORECASE)
#: Most lines between the RNS and the support centre.
_LINES_BELOW = 4
_MONTHS = {
    "janvier": 1, "février": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7,
    "août": 8, "septembre": 9, "octobre": 10, "novembre": 11, "décembre": 12,
}  # fmt: skip
_STEP = re.compile(
    r"(?P<rentree>\bRentrée\b)"
    r"|\bscolaire\s+(?P<year>\d{2})\s*/\s*(?P<next>\d{2})"
    rf"|(?P<day>\d{{1,2}}|1er)\s+(?P<month>{'|'.join(_MONTHS)})\s+(?P<date>20\d{{2}})"
    r"(?P<colon>\s*:)?"
    r"|(?P<action>\b1 RNS|\bTransformation|\bRattachement|\bNomination|\bMise en œuvre|\bBilans?"
    r"|\bGénéralisation)"
)

#: The month of the next date, which a flattened table leaves behind an action.
_LEFT_OVER = re.compile(rf"\s+(?:{'|'.join(_MONTHS)})$")


@dataclass(frozen=True, slots=True)
class Leader:
    """RNS of a sector and its support centre, as printed; ``row`` is the line."""

    row: int
    sector: str
    rns: str
    centre: str = ""


@dataclass(frozen=True, slots=True)
class ListedCalendarStep:
    """Step of the calendar: its ISO date, the date as printed, the actions due then."""

    date: str
    label: str
    actions: tuple[str, ...]


def read_leaders(lines: Sequence[DocumentLine]) -> tuple[Leader, ...]:
    """Read « Le secteur … - RNS : … » and the « Centre Support : … » below each."""
    result = []
    for rank, line in enumerate(lines):
        match = _SECTOR.fullmatch(line.text.strip())
        if match is not None:
            name, rns = " ".join(match["name"].split()), " ".join(match["rns"].split())
            centre = _centre(lines[rank + 1 : rank + 1 + _LINES_BELOW])
            result.append(Leader(line.number, name, rns, centre))
    return tuple(result)


def _centre(below: Sequence[DocumentLine]) -> str:
    """Return the support centre named in the lines below an RNS, up to the next sector."""
    for line in below:
        text = line.text.strip()
        if _SECTOR.fullmatch(text):
            break
        match = _CENTRE.fullmatch(text)
        if match:
            return match["centre"].strip()
    return ""


def read_calendar(lines: Sequence[DocumentLine]) -> tuple[ListedCalendarStep, ...]:
    """Read the calendar of the experiment.

    It is a table of a slide, flattened into one line by copying. The label of a « Rentrée
    scolaire » comes in two parts, among its actions. A date followed by a colon has one action;
    any other date has the actions up to the next date.
    """
    for line in lines:
        if "RNS par secteur" in line.text and "scolaire" in line.text:
            return _steps(line.text)
    return ()


@dataclass
class _StepDraft:
    """Step under construction; ``date`` is empty for a rentrée whose year is not yet read."""

    date: str
    label: str
    actions: list[str]
    takes_one_action: bool = False


def _steps(text: str) -> tuple[ListedCalendarStep, ...]:
    marks = list(_STEP.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    steps: list[_StepDraft] = []
    current: _StepDraft | None = None
    #: actions printed before their date
    waiting: list[str] = []
    for mark, end in zip(marks, ends, strict=True):
        if mark["action"]:
            action = _LEFT_OVER.sub("", text[mark.start() : end].strip())
            (waiting if current is None else current.actions).append(action)
            if current is not None and current.takes_one_action:
                current = None
        elif mark["year"]:
            if steps and not steps[-1].date:
                steps[-1].date = f"20{mark['year']}-09-01"
                steps[-1].label = f"Rentrée scolaire {mark['year']}/{mark['next']}"
        else:
            date, label = ("", "Rentrée") if mark["rentree"] else _date(mark)
            current = _StepDraft(date, label, waiting, takes_one_action=bool(mark["colon"]))
            waiting = []
            steps.append(current)
    return tuple(
        ListedCalendarStep(step.date, step.label, tuple(step.actions))
        for step in steps
        if step.date
    )


def _date(mark: re.Match[str]) -> tuple[str, str]:
    """Return a date in ISO form, and as printed."""
    day = 1 if mark["day"] == "1er" else int(mark["day"])
    iso = f"{mark['date']}-{_MONTHS[mark['month']]:02d}-{day:02d}"
    return iso, f"{mark['day']} {mark['month']} {mark['date']}"
