"""Report of an import: rows accepted, to confirm or rejected; records of two lists compared."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from geozones.common.french import lookalike
from geozones.domain.identifiers import is_temporary
from geozones.intake.directory import (
    SAME_COMMUNE,
    SAME_NAME,
    SHORTEST_COMMUNE,
    Directory,
    DirectoryEntry,
    Words,
    commune_similarity,
    name_similarity,
    name_words,
)
from geozones.intake.documents import Note
from geozones.intake.listing import Fields, Listing
from geozones.intake.site_fields import CodeReading, PrintedCode, near_codes, read_code, split_codes

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
    """Row accepted as a lycée, of the territory or new."""

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


#: Least margin of the best name over the next name for a single match.
MARGIN = 6.0
#: Weights of the name and of the commune in a score, and the value of a missing commune.
_NAME_WEIGHT, _COMMUNE_WEIGHT, _COMMUNE_UNKNOWN = 0.65, 0.35, 50.0


@dataclass(frozen=True, slots=True)
class RecordComparison:
    """Similarity of a record and an entry of the directory, from 0 to 100.

    ``commune`` is ``None`` if the record names no commune.
    """

    entry: DirectoryEntry
    name: float
    commune: float | None

    @property
    def same_name(self) -> bool:
        """Whether the two names count as the same."""
        return self.name >= SAME_NAME

    @property
    def same_commune(self) -> bool:
        """Whether the two communes count as the same; false if the record names none."""
        return self.commune is not None and self.commune >= SAME_COMMUNE

    @property
    def score(self) -> float:
        """Weighted mean of the two similarities, from 0 to 100, to rank candidates."""
        commune = _COMMUNE_UNKNOWN if self.commune is None else self.commune
        return _NAME_WEIGHT * self.name + _COMMUNE_WEIGHT * commune


@dataclass(frozen=True)
class NormalizedRecord:
    """Fields of a row, normalized for comparison."""

    fields: Fields  # As printed.
    code: PrintedCode  # The first code of the row, and those that follow it in the same cell.
    other_codes: tuple[PrintedCode, ...]
    words: Words  # The words of the name (see `name_words`).
    #: The name of the commune as a lookalike, without the postcode; empty if there is none.
    commune: str

    @classmethod
    def of(cls, fields: Fields, directory: Directory) -> "NormalizedRecord":
        """Normalize the fields of a row; its codes are read against the directory."""
        codes = [read_code(part, directory.by_code) for part in split_codes(fields.code)]
        commune = lookalike(re.sub(r"\d{5}", " ", fields.commune))
        return cls(fields, codes[0], tuple(codes[1:]), name_words(fields.name), commune)

    @property
    def has_known_code(self) -> bool:
        """Whether the code is in the directory, as printed or repaired."""
        return self.code.reading in {CodeReading.EXACT, CodeReading.REPAIRED}

    def compare(self, entry: DirectoryEntry) -> RecordComparison:
        """Compare the name and the commune with an entry."""
        words = self.identifying_words(entry)
        name = max((name_similarity(words, known) for known in entry.variants), default=0.0)
        if not self.commune and words and name < SAME_NAME:
            name = max(name, self._name_without_commune(entry))
        return RecordComparison(entry, name, self._commune_similarity(entry))

    def identifying_words(self, entry: DirectoryEntry) -> Words:
        """Return the words of the name; none if they only repeat the commune (« LEGTA Laval »).

        They are kept for a lycée named only after its commune.
        """
        if "".join(self.words) in entry.commune_names and not entry.is_named_after_commune:
            return ()
        return self.words

    def _name_without_commune(self, entry: DirectoryEntry) -> float:
        """Return the similarity of the name without the commune at its end."""
        whole = "".join(self.words)
        rests = [whole.removesuffix(name) for name in entry.commune_names if whole.endswith(name)]
        return max(
            (name_similarity((rest,), known) for rest in rests if rest for known in entry.variants),
            default=0.0,
        )

    def _commune_similarity(self, entry: DirectoryEntry) -> float | None:
        if not self.commune:
            # the similarity of the commune written in the name's cell, if any
            whole = lookalike(self.fields.name)
            for commune in entry.commune_names:
                if len(commune) >= SHORTEST_COMMUNE and whole.endswith(commune):
                    return 100.0
                if len(commune) > 6 and fuzz.partial_ratio(commune, whole) >= 92:
                    return 92.0
                # « St Philbert » for Saint-Philbert-de-Grand-Lieu
                if len(whole) >= 8 and commune.startswith(whole):
                    return 90.0
            return None
        return max(commune_similarity(self.commune, known) for known in entry.commune_names)

    def entries_with_near_code(self, directory: Directory) -> tuple[DirectoryEntry, ...]:
        """Return the entries with codes near the record's; none if its code can be read."""
        if self.code.reading is not CodeReading.UNREADABLE:
            return ()
        codes = sorted(near_codes(self.code.printed, directory.codes))
        return tuple(dict.fromkeys(directory.by_code[code] for code in codes))

    def ranked(self, entries: Iterable[DirectoryEntry]) -> list[RecordComparison]:
        """Compare with each entry; the highest score comes first."""
        return sorted(
            (self.compare(entry) for entry in entries),
            key=lambda comparison: (-comparison.score, comparison.entry.id),
        )

    def compare_in_commune(
        self, directory: Directory, departement: str = ""
    ) -> list[RecordComparison]:
        """Compare with the entries of the record's commune; the most similar name comes first.

        If the record has no commune, its name may contain one. An empty ``departement`` is any.
        """
        entries: Iterable[DirectoryEntry] = (
            directory.entries_in(self.commune) if self.commune else directory.entries
        )
        comparisons = [
            self.compare(entry)
            for entry in entries
            if departement in {"", entry.commune.departement}
            and (self.commune or self._commune_similarity(entry))
        ]
        return sorted(
            (comparison for comparison in comparisons if comparison.same_commune),
            key=lambda comparison: (-comparison.name, comparison.entry.id),
        )

    def only_match(self, directory: Directory, departement: str = "") -> RecordComparison | None:
        """Return the comparison with the only entry of the same name and commune, if there is one.

        A lycée to serve is preferred to a section on its site that has the same name.
        """
        named = [c for c in self.compare_in_commune(directory, departement) if c.same_name]
        named = [comparison for comparison in named if comparison.entry.served] or named
        if not named or (len(named) > 1 and named[0].name - named[1].name < MARGIN):
            return None
        return named[0]
