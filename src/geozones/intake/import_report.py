"""Report of an import: accepted rows, repairs to confirm, ambiguous rows, rejected rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from geozones.domain.identifiers import is_temporary
from geozones.intake.documents import Note
from geozones.intake.listing import Listing

#: Possible answers for an ambiguous row, besides a lycée's id: it is a new lycée; ignore it. A
#: colon and the code of a commune (INSEE) may follow the first.
NEW, LEAVE = "nouveau", "ignorer"
#: The fields that a repair may change.
REPAIRED = ("code", "uai_associes", "nom", "commune", "departement", "zone")


@dataclass(frozen=True, slots=True)
class Repair:
    """Change made to a row's text."""

    row: int  # Line of the row.
    field: str  # One of `REPAIRED`.
    was: str  # Printed text, and its replacement.
    now: str
    why: str  # The reason, a French sentence.

    @property
    def key(self) -> tuple[int, str]:
        """Line and field, as in `ImportDecisions.refused`."""
        return (self.row, self.field)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Row that is a lycée, known or new."""

    row: int  # Line of the row.
    id: str  # The lycée's UAI or provisional key.
    codes: tuple[str, ...]  # Its published UAIs.
    name: str  # Its name in the directory, and as printed; the same for a new lycée.
    printed: str
    commune: str
    insee: str
    departement: str
    zone: int | None  # Rank of its zone in the list; ``None`` if it is in none.
    known: bool = True  # Whether the directory has it; a new lycée needs a position.
    address: str = ""
    postcode: str = ""
    #: Latitude and longitude in WGS84 degrees, if the list gives them.
    point: tuple[float, float] | None = None

    @property
    def is_provisional(self) -> bool:
        """Whether it has no published code."""
        return is_temporary(self.id)


@dataclass(frozen=True, slots=True)
class MatchCandidate:
    """Lycée that an ambiguous row may be, with its likeness from 0 to 100.

    ``taken`` is the line of another row that is this lycée already.
    """

    id: str
    name: str
    commune: str
    score: float
    taken: int | None = None


@dataclass(frozen=True, slots=True)
class AmbiguousRow:
    """Row that could not be matched, for the user to decide."""

    row: int  # Its line, and the beginning of its text.
    text: str
    why: str  # The reason, a French sentence.
    candidates: tuple[MatchCandidate, ...] = ()  # The lycées that it may be, the likeliest first.


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """Row that is no lycée to serve: its line, the reason in French, its text."""

    row: int
    why: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ImportDecisions:
    """User's decisions about an import."""

    #: Lines and fields of the repairs refused (see `Repair.key`).
    refused: frozenset[tuple[int, str]] = frozenset()
    #: Answers for rows, by line: a lycée's id, `NEW` or `LEAVE`.
    chosen: Mapping[int, str] = field(default_factory=dict)

    def with_choice(self, row: int, choice: str | None) -> "ImportDecisions":
        """Return the decisions with the answer for a row; ``None`` takes the answer back."""
        chosen = {line: answer for line, answer in self.chosen.items() if line != row}
        return replace(self, chosen=chosen if choice is None else {**chosen, row: choice})


@dataclass(frozen=True)
class Report:
    """Result of an import; a pure function of the document, the directory and the decisions."""

    listing: Listing
    accepted: tuple[Accepted, ...]
    repairs: tuple[Repair, ...]  # The repairs made, by line, and the repairs that the user refused.
    ambiguous: tuple[AmbiguousRow, ...]  # The rows that are not accepted, by line.
    rejected: tuple[RejectedRow, ...]
    notes: tuple[Note, ...]  # Remarks on the document, by line.
    refused: tuple[Repair, ...] = ()
    #: Lycée id of the support centre of each sector, by the sector's rank; only centres that the
    #: document names.
    centres: Mapping[int, str] = field(default_factory=dict)
    #: Name of the RNS of each sector, likewise.
    rns: Mapping[int, str] = field(default_factory=dict)

    @property
    def by_zone(self) -> dict[int, tuple[str, ...]]:
        """The ids of the lycées of each zone of the list, by the zone's rank."""
        members: dict[int, list[str]] = {zone.rank: [] for zone in self.listing.zones}
        for row in self.accepted:
            if row.zone is not None:
                members[row.zone].append(row.id)
        return {zone: tuple(lycees) for zone, lycees in members.items()}
