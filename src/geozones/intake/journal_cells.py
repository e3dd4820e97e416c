"""Columns and cells of a journal: titles, kinds of rows, dates, durations, names of lycées."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process

from geozones.common.errors import InputError
from geozones.common.french import folded, listing
from geozones.domain import Lycee
from geozones.domain.field_journal import Nature, RowKind
from geozones.domain.terms import terms, worded

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

    ``unit`` is the number of minutes in one unit of a bare number. ``1h30``, ``01:30:00`` and ``1
    heure 30 minutes`` contain their units.
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


#: Kinds of columns, and their usual titles, folded; the first found wins: of the dates of a ticket,
#: the date of the work, then of its solution, then of its opening.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "ticket": (
        "id", "id du ticket", "numero", "numero du ticket", "n", "n ticket", "n du ticket",
        "ticket",
    ),
    "debut": (
        "taches date de debut", "date d intervention", "date intervention", "date et heure",
        "debut", "date de debut", "date debut", "date de resolution", "resolu le",
        "date de cloture", "cloture le", "date d ouverture", "ouvert le", "date de creation",
        "date", "jour", "premier jour", "du",
    ),
    "fin": ("fin", "date de fin", "date fin", "dernier jour", "au"),
    "duree": (
        "taches duree", "duree de l intervention", "duree d intervention", "duree", "duree totale",
        "temps passe", "duree en secondes", "duree secondes", "duree s", "duree en minutes",
        "duree minutes", "duree min", "duree en heures", "duree heures", "duree h", "minutes",
        "temps", "temps de trajet",
    ),
    "lycee": (
        "uai", "rne", "code uai", "code rne", "lieu", "localisation", "lycee", "etablissement",
        "site", "lieu nom complet", "entite",
    ),
    "technicien": (
        "taches technicien", "attribue a technicien", "technicien", "technicien charge du ticket",
        "technicien charge", "intervenant", "agent", "nom de l agent", "tip", "t i p", "nom",
    ),
    "niveau": (
        "niveau", "niveau d intervention", "niveau de support", "attribue a groupe de techniciens",
        "groupe de techniciens", "attribue a groupe", "groupe",
    ),
    "nature": ("nature", "nature de l intervention", "type de presence", "motif", "type"),
    "mode": ("mode", "mode d intervention", "modalite", "sur site", "a distance"),
    "profil": ("profil", "fonction", "metier"),
    "depart": ("depart", "lieu de depart", "lycee de depart", "de", "origine"),
    "arrivee": ("arrivee", "lieu d arrivee", "lycee d arrivee", "a", "vers", "destination"),
    "km": ("km", "kilometres", "distance", "distance km"),
    "source": ("source",),
}  # fmt: skip
_NEEDED: Mapping[RowKind, tuple[str, ...]] = {
    RowKind.TRIPS: ("debut", "depart", "arrivee", "duree"),
    RowKind.ABSENCES: ("technicien", "debut", "fin"),
    RowKind.INTERVENTIONS: ("debut", "lycee"),
}
#: Lines in which the titles are searched.
_LOOKED_AT = 20
_UNITS = {"s": 1 / 60, "secondes": 1 / 60, "min": 1.0, "minutes": 1.0, "h": 60.0, "heures": 60.0}


@dataclass(frozen=True, slots=True)
class JournalColumns:
    """Kind of the rows, rank and title of each field.

    ``unit`` is the number of minutes in one unit of the column of durations; ``None`` if no title
    gives it.
    """

    kind: RowKind
    ranks: Mapping[str, int]
    titles: Mapping[str, str]
    unit: float | None

    def rank(self, field: str) -> int:
        """Return the rank of a field, -1 if missing."""
        return self.ranks.get(field, -1)


def find_columns(rows: Sequence[Sequence[str]]) -> tuple[int, JournalColumns]:
    """Return the number of rows before the first row under the titles, and the columns."""
    for rank, cells in enumerate(rows[:_LOOKED_AT]):
        columns = read_titles(cells)
        if columns is not None:
            return rank + 1, columns
    wanted = listing(
        [
            f"une intervention par ligne (date et {terms().site})",
            f"une absence ({terms().technician}, début et fin)",
            "un trajet (date, départ, arrivée et durée)",
        ],
        "ou",
    )
    raise InputError(f"Ce fichier n'a pas les colonnes d'un journal : il faut {wanted}.")


def read_titles(cells: Sequence[str]) -> JournalColumns | None:
    """Return the columns named by a row of titles; ``None`` if it is no row of titles."""
    plain = [folded(cell) if len(cell) <= 60 else "" for cell in cells]
    ranks: dict[str, int] = {}
    for field, titles in FIELDS.items():
        rank = next((plain.index(title) for title in titles if title in plain), None)
        if rank is not None and rank not in ranks.values():
            ranks[field] = rank
    kind = _kind(ranks)
    if kind is None:
        return None
    named = {field: cells[rank].strip() for field, rank in ranks.items()}
    words = folded(named.get("duree", "")).split()
    unit = _UNITS.get(words[-1]) if words else None
    return JournalColumns(kind, ranks, named, unit)


def _kind(ranks: Mapping[str, int]) -> RowKind | None:
    """Return the kind of rows with these fields; absences have an end, no duration, no ticket."""
    for kind, needed in _NEEDED.items():
        if not all(field in ranks for field in needed):
            continue
        if kind is RowKind.ABSENCES and {"duree", "ticket"} & ranks.keys():
            continue
        return kind
    return None
