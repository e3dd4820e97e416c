"""What an import found: rows taken, repairs to agree to, rows left to the user, rows refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geozones.intake.documents import Note
from geozones.intake.listing import Listing

#: What the user may answer beside a lycée's id: it is one that the directory has not; leave it out.
NEW, LEAVE = "nouveau", "ignorer"
#: What a repair may be of.
REPAIRED = ("code", "uai_associes", "nom", "commune", "departement", "zone")


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that was changed: where, what was printed, what it is now, and why.

    ``field`` is one of `REPAIRED`.
    """

    row: int
    field: str
    was: str
    now: str
    why: str

    @property
    def key(self) -> tuple[int, str]:
        """What a refusal names."""
        return (self.row, self.field)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A row that is a lycée.

    ``known`` tells whether the data folder has it; one that it has not needs a place. ``zone`` is
    the rank of its zone in the list. ``rows`` are the lines it comes from, several where a list has
    one for each establishment of a cité scolaire.
    """

    row: int
    id: str
    codes: tuple[str, ...]
    name: str
    printed: str
    commune: str
    insee: str
    departement: str
    zone: int | None
    known: bool = True
    address: str = ""
    postcode: str = ""
    point: tuple[float, float] | None = None

    @property
    def is_provisional(self) -> bool:
        """Whether it has no published code."""
        return self.id.startswith("X")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lycée that a row may be, and how well it fits, from 0 to 100."""

    id: str
    name: str
    commune: str
    score: float


@dataclass(frozen=True, slots=True)
class Question:
    """A row that evidence does not settle: why, and what it may be, the likeliest first.

    ``may_be_new`` tells whether it can be taken as a lycée that the directory has not.
    """

    row: int
    text: str
    why: str
    candidates: tuple[Candidate, ...] = ()
    may_be_new: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be used, and why."""

    row: int
    why: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the user said: repairs refused, and what rows left to them are (a lycée, new, none)."""

    refused: frozenset[tuple[int, str]] = frozenset()
    chosen: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """The whole of an import, a pure function of the document, the directory and the decisions."""

    listing: Listing
    accepted: tuple[Accepted, ...]
    repairs: tuple[Repair, ...]
    questions: tuple[Question, ...]
    rejected: tuple[Rejected, ...]
    notes: tuple[Note, ...]
    refused: tuple[Repair, ...] = ()
    #: sector's rank -> lycée id of its support centre, where the document names it
    centres: Mapping[int, str] = field(default_factory=dict)
    #: sector's rank -> its RNS
    rns: Mapping[int, str] = field(default_factory=dict)

    @property
    def by_zone(self) -> dict[int, tuple[str, ...]]:
        """The lycées of each zone of the list, by its rank."""
        found: dict[int, list[str]] = {zone.rank: [] for zone in self.listing.zones}
        for row in self.accepted:
            if row.zone is not None:
                found[row.zone].append(row.id)
        return {zone: tuple(lycees) for zone, lycees in found.items()}
