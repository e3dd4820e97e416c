"""Columns of a journal file, by their titles, and the kind of its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geozones.common.errors import InputError
from geozones.common.folding import folded
from geozones.common.french import listing
from geozones.domain.field_journal import RowKind
from geozones.domain.terms import terms

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

    ``unit`` is the number of minutes in 1 in the column of durations; ``None`` if no title gives
    it.
    """

    kind: RowKind
    ranks: Mapping[str, int]
    titles: Mapping[str, str]
    unit: float | None

    def rank(self, field: str) -> int:
        """Return the rank of a field, -1 if missing."""
        return self.ranks.get(field, -1)


def find_columns(rows: Sequence[Sequence[str]]) -> tuple[int, JournalColumns]:
    """Return the number of rows before the first row under the titles, and the columns.

    Raises
    ------
    InputError
        If none of the first rows has the titles that one of the three tables needs.
    """
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
    msg = f"Ce fichier n'a pas les colonnes d'un journal : il faut {wanted}."
    raise InputError(msg)


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
