"""Results of matching a row: a match, a new lycée, an ambiguous row, or an excluded row."""

from dataclasses import dataclass

from geozones.intake.directory import DirectoryCommune, DirectoryEntry
from geozones.intake.listing import Fields
from geozones.intake.record_comparison import NormalizedRecord


@dataclass(frozen=True, slots=True)
class Match:
    """Row that is an entry of the directory.

    ``confirmed_by`` names in French what confirms the code: « le nom et la commune ».
    """

    record: NormalizedRecord
    entry: DirectoryEntry
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class NewLycee:
    """Row that is a lycée missing from the directory; ``uai`` is empty without a code."""

    fields: Fields
    uai: str
    commune: DirectoryCommune


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Row whose code, name and commune are contradictory or insufficient: the user decides.

    Parameters
    ----------
    why
        The reason, a French sentence.
    likely
        Entries suggested by the code, the name or the commune.
    """

    record: NormalizedRecord
    why: str
    likely: tuple[DirectoryEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Excluded:
    """Row that is no lycée to serve; ``why`` is a French sentence."""

    why: str


type MatchResult = Match | NewLycee | Ambiguous | Excluded
