"""Cells of the journal: dates, durations, levels, and names of lycées."""

import re
from collections.abc import Mapping
from datetime import date

from rapidfuzz import fuzz, process

from geozones.common.folding import folded
from geozones.domain import Lycee
from geozones.domain.field_journal import Nature
from geozones.domain.terms import worded

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2})[:h](\d{2}).*)?", re.DOTALL)
_FRENCH = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T]+(?:à )?(\d{1,2}) ?[:h] ?(\d{2}).*)?", re.DOTALL
)
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,6})?")
_CLOCK = re.compile(r"(-?)(\d{1,4}) ?[h:] ?(\d{1,2})?(?: ?[:m] ?(\d{1,2}))?")
_WORDS = re.compile(r"(-?\d{1,6}) ?(jours?|j|heures?|h|minutes?|min|mn|secondes?|s)\b")
_MINUTES_OF = {"j": 1440.0, "h": 60.0, "m": 1.0, "s": 1 / 60}
_CODE = re.compile(r"\b(\d{7}[A-Z])\b")
_LEVEL = re.compile(r"(?:^|[^a-z])(?:n|niv|niveau)[ .°]*([123])(?!\d)|^([123])$")
#: Least similarity of a misspelt name with a lycée's, if no other is as near.
_SAME_NAME = 92.0
_SHORT = re.compile(
    r"\b(lycee|lycees|lgt|lpo|lp|lpa|legta|legtpa|polyvalent|professionnel|general|technologique)\b"
)


def read_moment(text: str) -> tuple[date, int] | None:
    """Return a day and the minute of the day (-1 if missing); ``None`` if it is no date."""
    found = _ISO.fullmatch(text)
    if found:
        year, month, day = found[1], found[2], found[3]
    else:
        found = _FRENCH.fullmatch(text)
        if not found:
            return None
        day, month, year = found[1], found[2], found[3]
    try:
        at = date(int(year), int(month), int(day))
    except ValueError:
        return None
    if found[4] is None:
        return at, -1
    minute = int(found[4]) * 60 + int(found[5])
    return (at, minute) if minute < 1440 else None


def read_duration(text: str, unit: float) -> float | None:
    """Return minutes, possibly negative; ``None`` if it is no duration.

    ``unit`` is the number of minutes in 1 for a bare number. ``1h30``, ``01:30:00`` and ``1 heure
    30 minutes`` contain their units.
    """
    plain = text.casefold().replace("\u00a0", " ").replace("\u202f", " ").strip()
    if _NUMBER.fullmatch(plain):
        return float(plain.replace(",", ".")) * unit
    clock = _CLOCK.fullmatch(plain.rstrip("mins "))
    if clock:
        minutes = int(clock[2]) * 60 + int(clock[3] or 0) + int(clock[4] or 0) / 60
        return -minutes if clock[1] else minutes
    parts = _WORDS.findall(plain)
    if not parts or _WORDS.sub("", plain).strip(" ,etd"):
        return None
    return sum(float(count) * _MINUTES_OF[word[0]] for count, word in parts)


def read_level(text: str) -> int:
    """Return the level in a cell or a group's name, from 1 to 3; 0 without a level."""
    found = _LEVEL.search(folded(text))
    return int(found[1] or found[2]) if found else 0


def read_nature(text: str) -> Nature:
    """Return the nature of a presence, from a cell."""
    plain = folded(text)
    if "fixe" in plain or "presence" in plain or "permanence" in plain:
        return Nature.FIXED
    if "visite" in plain or "continuite" in plain:
        return Nature.VISIT
    if "releve" in plain or "rempla" in plain:
        return Nature.COVER
    return Nature.UNKNOWN


class LyceeLookup:
    """Lookup of lycées named in cells: by a code, by a name, by the end of a path of GLPI.

    ``Région > Angers > Lycée Chevrollier`` is looked up by its last part first.
    """

    def __init__(self, lycees: Mapping[str, Lycee]) -> None:
        self._codes = {code: key for key, one in lycees.items() for code in one.associated_uais}
        self._codes |= {key.upper(): key for key in lycees}
        names: dict[str, set[str]] = {}
        for key, lycee in lycees.items():
            for name in (lycee.name, lycee.published_name):
                for whole in (name, f"{name} {lycee.commune}", f"{lycee.commune} {name}"):
                    names.setdefault(_bare(whole), set()).add(key)
        self._names = {name: next(iter(keys)) for name, keys in names.items() if len(keys) == 1}
        self._several = {name for name, keys in names.items() if len(keys) > 1}
        self._known: dict[str, tuple[str, str]] = {}

    def find(self, text: str) -> tuple[str, str]:
        """Return a lycée (id), and the reason if there is none; one of them is empty."""
        answer = self._known.get(text)
        if answer is None:
            answer = self._known[text] = self._find(text)
        return answer

    def _find(self, text: str) -> tuple[str, str]:
        if not text:
            return "", worded("{site} manquant{e_site}")
        exact = self._codes.get(text.upper())
        if exact is not None:
            return exact, ""
        code = _CODE.search(text.upper())
        if code:
            key = self._codes.get(code[1])
            return (key, "") if key else ("", worded("{site} qui n'est pas du plan"))
        parts = [part for part in re.split(r"\s*>\s*|\s+/\s+", text) if part.strip()]
        for part in reversed(parts or [text]):
            bare = _bare(part)
            if bare in self._names:
                return self._names[bare], ""
            if bare in self._several:
                return "", worded("nom de plusieurs {sites}")
        wanted = _bare(parts[-1] if parts else text)
        near = process.extract(
            wanted, list(self._names), scorer=fuzz.ratio, limit=2, score_cutoff=_SAME_NAME
        )
        keys = {self._names[name] for name, _, _ in near}
        return (keys.pop(), "") if len(keys) == 1 else ("", worded("{site} inconnu{e_site}"))


def _bare(name: str) -> str:
    """Return a name folded, without the words that only mean « lycée »."""
    plain = folded(name)
    return " ".join(_SHORT.sub(" ", plain).split()) or plain
