"""The places and the people: lycées, continuity zones, sectors."""

from dataclasses import dataclass
from enum import StrEnum


class DecisionStatus(StrEnum):
    """How decided a zone or a sector is; `geozones.domain.decisions` works it out.

    ``PUBLISHED``: by the Région. ``RETAINED``: decided here, not yet published. ``PROPOSED``: in a
    scenario. ``DRAFT``: drawn by the tool. A sector stores all but ``RETAINED``, which follows from
    the decision on its scenario.
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
    """Who drew a sector: the Région (in its document, or in a scenario here) or the tool."""

    REGION = "region"
    TOOL = "outil"


@dataclass(frozen=True, slots=True)
class Lycee:
    """A place to serve.

    ``id`` is its UAI, or a provisional ``X44-…`` key where none is published; ``lat`` and ``lon``
    are WGS84 degrees; ``precision`` is ``adresse`` or ``commune`` (placed at the town's centre);
    ``published_name`` is how it was printed where it is from, ``remark`` what is not sure of it;
    ``pupils`` are ``None`` where no source gives them, ``pupils_source`` says which does, and when.
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
class Milestone:
    """A date of a sector's own calendar (ISO) and what is due then, in French.

    ``uncertain`` marks a date or a reading that no document states outright.
    """

    date: str
    text: str
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Sector:
    """A sector, led by an RNS from a support centre (a lycée id), where both are known.

    Parameters
    ----------
    status
        What is stored: published, proposed or draft (see `DecisionStatus`).
    origin
        Who drew it.
    technicians
        Its number of T.I.S., where it has one of its own; ``None`` for what the calendar says.
    experimental
        Whether it takes part in the experiment, which is not whether it is published.
    milestones
        Its own calendar, by date, beside that of the deployment.
    note
        What people wrote about it.
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
        """Whether the sector is stored as a draft of this tool, nobody's proposal or decision."""
        return self.status is DecisionStatus.DRAFT
