"""What matching makes of a row: a match, a new lycée, an ambiguous row, or an excluded one."""

from dataclasses import dataclass

from geozones.intake.comparison import NormalizedRecord
from geozones.intake.directory import DirectoryCommune, DirectoryEntry
from geozones.intake.listing import Fields


@dataclass(frozen=True, slots=True)
class Match:
    """The row is this entry of the directory.

    ``confirmed_by`` says in French what confirms it beside the code: « le nom et la commune ».
    """

    record: NormalizedRecord
    entry: DirectoryEntry
    confirmed_by: str


@dataclass(frozen=True, slots=True)
class NewLycee:
    """The row is a lycée that is not in the directory; ``uai`` is empty where it has no code."""

    fields: Fields
    uai: str
    commune: DirectoryCommune


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Code, name and commune contradict one another or are too few: the user has to say.

    Parameters
    ----------
    why
        The reason, a French sentence.
    likely
        Entries that the code, the name or the commune points at.
    may_be_new
        Whether the row can be taken as a lycée that is not in the directory.
    """

    record: NormalizedRecord
    why: str
    likely: tuple[DirectoryEntry, ...] = ()
    may_be_new: bool = False


@dataclass(frozen=True, slots=True)
class Excluded:
    """The row is no lycée to serve; ``why`` is a French sentence."""

    why: str


type MatchResult = Match | NewLycee | Ambiguous | Excluded
