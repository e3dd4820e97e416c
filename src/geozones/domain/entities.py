"""Places and people of a plan: lycées, continuity zones, sectors."""

from dataclasses import dataclass
from enum import StrEnum


class DecisionStatus(StrEnum):
    """Decision status of a zone or a sector, derived by `geozones.domain.decisions`.

    ``PUBLISHED``: by the Région. ``RETAINED``: decided here, not yet published. ``PROPOSED``: in a
    scenario. ``DRAFT``: drawn by the tool. A sector stores every status but ``RETAINED``, which
    follows from the decision on its scenario.
    """

    PUBLISHED = "publie"
    RETAINED = "retenu"
    PROPOSED = "propose"
    DRAFT = "brouillon"

    @property
    def label(self) -> str:
        """The French word, the same on every screen and in every file."""
        return _LABELS[self]


_LABELS = {
    DecisionStatus.PUBLISHED: "publié",
    DecisionStatus.RETAINED: "retenu",
    DecisionStatus.PROPOSED: "proposé",
    DecisionStatus.DRAFT: "brouillon",
}


class Origin(StrEnum):
    """Origin of a sector: the Région (in its document, or in a scenario here) or the tool."""

    REGION = "region"
    TOOL = "outil"


@dataclass(frozen=True, slots=True)
class Lycee:
    """Lycée to serve.

    ``id`` is its UAI, or a provisional ``X44-…`` key where none is published; ``lat`` and ``lon``
    are WGS84 degrees; ``precision`` is ``adresse`` or ``commune`` (placed at the town's centre);
    ``published_name`` is its name in print in the source, ``remark`` a doubt about it; ``pupils``
    is ``None`` where no source gives their number, ``pupils_source`` names the source and its date.
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
    remark: str = ""
    pupils: int | None = None
    pupils_source: str = ""

    @property
    def label(self) -> str:
        """Name of the lycée in a sentence: ``Livet (Nantes)``.

        A name that already contains its place, ``Raphaël Élizé (Sablé)``, does not change.
        """
        if self.name.endswith(")") or self.commune.casefold() in self.name.casefold():
            return self.name
        return f"{self.name} ({self.commune})"


@dataclass(frozen=True, slots=True)
class Zone:
    """Continuity zone: lycées whose technicians cover one another."""

    id: str
    name: str
    sector: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """Date of a sector's own calendar (ISO) and what is due then, in French.

    ``uncertain`` marks a date or a reading that no document states explicitly.
    """

    date: str
    text: str
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Sector:
    """Sector, led by an RNS from a support centre (a lycée id), where both are known.

    Parameters
    ----------
    status
        Stored status: published, proposed or draft (see `DecisionStatus`).
    origin
        Who drew it.
    technicians
        Its own number of T.I.S.; ``None`` for the number in the calendar.
    experimental
        Whether it takes part in the experiment, published or not.
    milestones
        Its own calendar, by date, beside the calendar of the deployment.
    note
        Note that people wrote about it.
    """

    id: str
    name: str
    status: DecisionStatus
    rns: str | None = None
    support_centre: str | None = None
    origin: Origin = Origin.REGION
    technicians: int | None = None
    experimental: bool = False
    milestones: tuple[Milestone, ...] = ()
    note: str = ""

    @property
    def is_draft(self) -> bool:
        """Whether the sector is stored as a draft of this tool, never proposed or decided."""
        return self.status is DecisionStatus.DRAFT
