"""The places and the people: lycées, continuity zones, sectors."""

from dataclasses import dataclass
from enum import StrEnum


class DecisionStatus(StrEnum):
    """Whether the Région has published a sector, or this tool drafted it."""

    PUBLISHED = "publie"
    DRAFT = "brouillon"


@dataclass(frozen=True, slots=True)
class Lycee:
    """A place to serve.

    ``id`` is its UAI, or a provisional ``X44-…`` key where none is published; ``lat`` and ``lon``
    are WGS84 degrees; ``precision`` is ``adresse`` or ``commune`` (placed at the town's centre).
    """

    id: str
    name: str
    published_name: str
    kind: str
    address: str
    postcode: str
    commune: str
    insee: str
    departement: str
    lat: float
    lon: float
    associated_uais: tuple[str, ...] = ()
    precision: str = "adresse"
    source: str = ""

    @property
    def label(self) -> str:
        """How the lycée is called in a sentence: ``Livet (Nantes)``.

        A name that says where it is already, ``Raphaël Élizé (Sablé)``, is left as it is.
        """
        if self.name.endswith(")") or self.commune.casefold() in self.name.casefold():
            return self.name
        return f"{self.name} ({self.commune})"


@dataclass(frozen=True, slots=True)
class Zone:
    """A continuity zone: the lycées whose technicians cover one another."""

    id: str
    name: str
    sector: str


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector, led by an RNS from a support centre (a lycée id), where both are known."""

    id: str
    name: str
    status: DecisionStatus
    rns: str | None = None
    support_centre: str | None = None

    @property
    def is_draft(self) -> bool:
        """Whether the sector is a proposal of this tool, not a decision of the Région."""
        return self.status is DecisionStatus.DRAFT
