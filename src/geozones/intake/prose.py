"""What the paragraphs around the tables say: who runs a sector, from where, and when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geozones.intake.documents import Line

_SECTOR = re.compile(
    r"(?:le\s+)?secteur\s+(?:de\s+la\s+|du\s+|de\s+|des\s+|d')?(?P<name>.+?)\s*[-–:]\s*"
    r"R\.?N\.?S\.?\s*:\s*(?P<rns>.+)",
    re.IGNORECASE,
)
_CENTRE = re.compile(r"centre\s+support\s*:\s*(?P<centre>.+)", re.IGNORECASE)
#: Lines after the RNS in which the support centre may stand.
_NEAR = 4
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

_LEFT_OVER = re.compile(rf"\s+(?:{'|'.join(_MONTHS)})$")


@dataclass(frozen=True, slots=True)
class Leader:
    """Who runs a sector (RNS) and from which lycée, as printed; ``row`` is its line."""

    row: int
    sector: str
    rns: str
    centre: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A date of the calendar: ISO date, as printed, and what happens then."""

    date: str
    label: str
    actions: tuple[str, ...]


def leaders(lines: Sequence[Line]) -> tuple[Leader, ...]:
    """Find « Le secteur … - RNS : … » and the « Centre Support : … » under each."""
    found = []
    for rank, line in enumerate(lines):
        match = _SECTOR.fullmatch(line.text.strip())
        if match is None:
            continue
        centre = ""
        for below in lines[rank + 1 : rank + 1 + _NEAR]:
            if _SECTOR.fullmatch(below.text.strip()):
                break
            under = _CENTRE.fullmatch(below.text.strip())
            if under:
                centre = under["centre"].strip()
                break
        name = " ".join(match["name"].split())
        found.append(Leader(line.number, name, " ".join(match["rns"].split()), centre))
    return tuple(found)


def calendar(lines: Sequence[Line]) -> tuple[Step, ...]:
    """Read the calendar of the experiment out of the line that a slide's table was flattened to.

    The label of a rentrée stands in the middle of its actions, in two parts; a date followed by a
    colon owns one action, any other those up to the next.
    """
    for line in lines:
        if "RNS par secteur" in line.text and "scolaire" in line.text:
            return _steps(line.text)
    return ()


def _steps(text: str) -> tuple[Step, ...]:
    marks = list(_STEP.finditer(text))
    steps: list[tuple[str, str, list[str]]] = []
    waiting: list[str] = []
    target: list[str] | None = None
    alone = False
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        end = len(text) if after is None else after.start()
        if mark["action"]:
            said = _action(text[mark.start() : end])
            (waiting if target is None else target).append(said)
            if alone:
                target, alone = None, False
        elif mark["year"]:
            if steps and not steps[-1][0]:
                _, _, actions = steps.pop()
                label = f"Rentrée scolaire {mark['year']}/{mark['next']}"
                steps.append((f"20{mark['year']}-09-01", label, actions))
        else:
            date, label = ("", "Rentrée") if mark["rentree"] else _date(mark)
            target, alone = [*waiting], bool(mark["colon"])
            waiting = []
            steps.append((date, label, target))
    return tuple(Step(date, label, tuple(actions)) for date, label, actions in steps if date)


def _date(mark: re.Match[str]) -> tuple[str, str]:
    day = 1 if mark["day"] == "1er" else int(mark["day"])
    iso = f"{mark['date']}-{_MONTHS[mark['month']]:02d}-{day:02d}"
    return iso, f"{mark['day']} {mark['month']} {mark['date']}"


def _action(text: str) -> str:
    """Return an action without the month that is left of the date behind it."""
    return _LEFT_OVER.sub("", text.strip())
