"""Organisation described in the source document, quoted; and the chart of a sector of a plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

#: Text in place of an RNS or a support centre that nothing names yet.
NOT_PUBLISHED = "non publié"
#: Roles with a place of their own in a chart; the last does not belong to the Région.
RNS, TIS, TIP, OUTSIDE = "rns", "tis", "tip", "prestataires"


@dataclass(frozen=True, slots=True)
class Quote:
    """Quotation of the source document, with its part of the document.

    ``reading`` states a doubt about it; empty if the quotation says by itself what it is quoted
    for. ``label`` is its date or its subject, in words of this tool; may be empty.
    """

    text: str
    source: str
    reading: str = ""
    label: str = ""

    @property
    def quoted(self) -> str:
        """The text between guillemets, after its label; guillemets inside become “ ”."""
        inner = self.text.replace("« ", "“").replace(" »", "”")
        return f"{f'{self.label} : ' if self.label else ''}« {inner} »"


@dataclass(frozen=True, slots=True)
class StaffRole:
    """Role of the organisation: its number of people, and what the document says of it.

    ``short`` is its abbreviation, ``count`` the number in words; either may be empty.
    """

    id: str
    name: str
    short: str
    count: str
    quotes: tuple[Quote, ...]

    @property
    def called(self) -> str:
        """Abbreviation of the role, else its name."""
        return self.short or self.name


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """Step of the escalation of a request: its levels, and the role (id) that answers."""

    levels: str
    role: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class QuoteCard:
    """Quotations on one subject: its name, a precision (may be empty), what the document says."""

    name: str
    quotes: tuple[Quote, ...]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class QuoteChapter:
    """Chapter of quotations: approach, ambitions, points to watch of the heads of lycée."""

    id: str
    title: str
    cards: tuple[QuoteCard, ...]


@dataclass(frozen=True)
class Organisation:
    """Organisation described in the source document, each sentence with its source."""

    author: str  # Who presented the document, and when (ISO).
    date: str
    #: What the document says beyond roles and work, in its order; may be empty.
    chapters: tuple[QuoteChapter, ...]
    principles: tuple[Quote, ...]  # Reasons for the division of the territory.
    #: From the head of the organisation to outside partners, in the order of display.
    roles: tuple[StaffRole, ...]
    escalation: tuple[EscalationStep, ...]  # Who answers a request, in the order of calling.
    work_title: str  # The rules of work, and whom they are for.
    work: tuple[QuoteCard, ...]
    #: Where it was presented, as in a sentence: « au webinaire »; empty if unknown.
    occasion: str = ""

    @cached_property
    def by_id(self) -> Mapping[str, StaffRole]:
        """The roles by id."""
        return {role.id: role for role in self.roles}


@dataclass(frozen=True, slots=True)
class ChartLycee:
    """Lycée in a chart; ``detail`` is its town, or its half-days in the week of a post."""

    id: str
    name: str
    detail: str = ""
    is_support: bool = False


@dataclass(frozen=True, slots=True)
class ChartPost:
    """T.I.P. post of a zone in a chart: its label, and its lycées."""

    name: str
    lycees: tuple[ChartLycee, ...]


@dataclass(frozen=True, slots=True)
class ChartZone:
    """Zone in a chart: its number on maps; ``posts`` is empty if the scenario defines none."""

    id: str
    name: str
    number: int
    lycees: tuple[ChartLycee, ...]
    posts: tuple[ChartPost, ...] = ()

    @property
    def left_out(self) -> tuple[ChartLycee, ...]:
        """Lycées that no post serves, if the zone has posts."""
        served = {lycee.id for post in self.posts for lycee in post.lycees}
        return tuple(each for each in self.lycees if each.id not in served) if self.posts else ()


@dataclass(frozen=True, slots=True)
class SectorChart:
    """Chart of a sector: its RNS, its T.I.S., its zones with their T.I.P. and lycées."""

    id: str
    name: str
    rns: str  # Empty where they are not published.
    support: ChartLycee | None
    #: Number of T.I.S. due, ``None`` if unknown; ``technicians_source`` says who gives it, empty
    #: for the calendar of the document.
    technicians: int | None
    technicians_source: str
    zones: tuple[ChartZone, ...] = field(default=())
