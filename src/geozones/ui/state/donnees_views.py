"""View state of the page « Données »."""

from dataclasses import dataclass

from geozones.workspace.imports.session import ListImport, ListJob
from geozones.workspace.reachability.references import References


@dataclass(frozen=True, slots=True)
class DataView:
    """Shown part of the page « Données », and the name typed to be erased."""

    part: str = "liste"
    erased: str = ""


@dataclass(frozen=True, slots=True)
class ListView:
    """Import in progress on the page « Données », and its step, from 1.

    ``baseline`` compares the list with the plan in force instead of the current scenario;
    ``keep_absent`` keeps the lycées that are missing from the list; ``shown`` says which repairs
    are listed; ``pasted`` is the text to read, ``name`` the name of the new scenario, ``proposed``
    its default. ``job`` reads the list.
    """

    job: ListJob | None = None

    current: ListImport | None = None
    step: int = 1
    baseline: bool = True
    keep_absent: bool = True
    shown: str = ""
    pasted: str = ""
    name: str = ""
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class ReliabilityView:
    """Driving times from the user's own file, kept for the session, or the faults of that file."""

    references: References | None = None
    file: str = ""
    faults: tuple[str, ...] = ()
