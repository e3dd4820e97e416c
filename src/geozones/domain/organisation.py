"""The organisation of the source document, quoted; and the chart of one sector of a plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

#: Roles that have a place of their own in a chart; the last is of no part of the Région.
RNS, TIS, TIP, OUTSIDE = "rns", "tis", "tip", "prestataires"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the source document, and which part of it they are from.

    ``reading`` says what is not sure of them: empty where they say by themselves what they are
    quoted for.
    """

    text: str
    source: str
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """A trade or a body of the organisation: how many they are, and what the document says of it.

    ``short`` is its abbreviation, ``count`` how many in words; either may be empty.
    """

    id: str
    name: str
    short: str
    count: str
    quotes: tuple[Quote, ...]

    @property
    def called(self) -> str:
        """Its abbreviation, else its name."""
        return self.short or self.name


@dataclass(frozen=True, slots=True)
class Level:
    """A step of the escalation of a request: which levels, and the role (id) that answers."""

    levels: str
    role: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class WorkRule:
    """A rule of work of the T.I.P.: where they are based, when they are where, their meals."""

    name: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Organisation:
    """What the source document says of the organisation, each sentence with its source.

    Parameters
    ----------
    author, date
        Who published the document, and when (ISO).
    notes
        What is to be known of the quotes, in sentences of this tool.
    principles
        Why the territory is cut as it is.
    roles
        From the head of the whole to those outside, in the order in which they are shown.
    escalation
        Who answers a request, the first called first.
    work_title, work
        The rules of work, and whom they are for.
    """

    author: str
    date: str
    notes: tuple[str, ...]
    principles: tuple[Quote, ...]
    roles: tuple[Role, ...]
    escalation: tuple[Level, ...]
    work_title: str
    work: tuple[WorkRule, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Role]:
        """The roles by id."""
        return {role.id: role for role in self.roles}


@dataclass(frozen=True, slots=True)
class ChartLycee:
    """A lycée of a chart; ``detail`` is its town, or its half-days in the week of a post."""

    id: str
    name: str
    detail: str = ""
    is_support: bool = False


@dataclass(frozen=True, slots=True)
class ChartPost:
    """A T.I.P. post of a zone: how it is called, and its lycées."""

    name: str
    lycees: tuple[ChartLycee, ...]


@dataclass(frozen=True, slots=True)
class ChartZone:
    """A zone of a chart; ``posts`` is empty where the scenario defines none."""

    id: str
    name: str
    lycees: tuple[ChartLycee, ...]
    posts: tuple[ChartPost, ...] = ()

    @property
    def left_out(self) -> tuple[ChartLycee, ...]:
        """The lycées that no post serves, where there are posts."""
        served = {lycee.id for post in self.posts for lycee in post.lycees}
        return tuple(each for each in self.lycees if each.id not in served) if self.posts else ()


@dataclass(frozen=True, slots=True)
class SectorChart:
    """Who is under whom in a sector: its RNS, its T.I.S., its zones with their T.I.P. and lycées.

    Parameters
    ----------
    rns, support
        Empty where they are not published.
    technicians
        How many T.I.S. are due, ``None`` where nothing says so; ``technicians_source`` says who
        does.
    """

    id: str
    name: str
    rns: str
    support: ChartLycee | None
    technicians: int | None
    technicians_source: str
    zones: tuple[ChartZone, ...] = field(default=())
