"""Conditions of a proposal and their options, the rules that it keeps, its proof status.

A field annotated with an `Option`, and perhaps with a `Bound`, is described once: its widget on a
page, its option on the command line and the sentence that refuses its value are made from it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from geozones.common.bounds import Bound, at_least, more_than
from geozones.common.french import minutes, number
from geozones.domain.settings import default_rules
from geozones.domain.terms import Worded, terms, worded


@dataclass(frozen=True, kw_only=True)
class Option:
    """Description of a field that people set, in French; nouns of the network are in braces."""

    name: Worded = Worded("")  # Subject of the sentence that refuses a value out of bounds.
    #: Label of the widget; a range of two fields has the label of the first.
    label: Worded = Worded("")
    #: Help of the command line; empty for a field that commands do not set.
    help: Worded = Worded("")
    value: str = ""  # Word for the value in the help of the command line.
    flag: str = ""  # Name of the option of the command line; empty for the name of the field.
    #: Values that the widget offers, ascending; commands take others too.
    offered: Sequence[float] = ()
    unit: str = ""  # Unit of the offered values on the widget.
    #: Name of ``None`` on the widget, which offers it too; empty if ``None`` is not offered.
    unset: Worded = Worded("")

    def shown(self, value: float | None) -> str:
        """Return how the widget shows a value."""
        if value is None:
            return self.unset
        return f"{value:g} {self.unit}" if self.unit else f"{value:g}"


@dataclass(frozen=True, slots=True)
class OptionField:
    """Field of a dataclass with its option: its type and its bounds."""

    option: Option
    kind: Any
    bounds: tuple[Bound, ...]


def option_fields(record: type) -> Mapping[str, OptionField]:
    """Return the fields of a dataclass that have an option, in their order."""
    found: dict[str, OptionField] = {}
    for name, hint in get_type_hints(record, include_extras=True).items():
        kind, *marks = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        option = next((mark for mark in marks if isinstance(mark, Option)), None)
        if option is not None:
            bounds = tuple(mark for mark in marks if isinstance(mark, Bound))
            found[name] = OptionField(option, kind, bounds)
    return found


def option_faults(record: object) -> list[str]:
    """Return the values of a record that are out of their bounds, in French sentences."""
    faults = []
    for name, entry in option_fields(type(record)).items():
        value = getattr(record, name)
        found = [bound.fault(value) for bound in entry.bounds if value is not None]
        faults += [f"{entry.option.name} {worded(fault)}." for fault in found if fault]
    return faults


type LyceePair = tuple[str, str]

#: Lycées per zone that the page offers.
_SIZES = range(1, 9)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalConditions:
    """Conditions of a search; every default is the loosest, except for the sizes of zones.

    The command line lists its options in the order of the fields.
    """

    #: Ids of the sectors in scope; empty for the region. Every lycée elsewhere stays.
    sectors: Annotated[
        Collection[str],
        Option(
            label="Secteurs",
            unset="{Whole_territory}",
            help="secteur à revoir, nom ou code ; répété (sinon, tous)",
            value="SECTEUR",
            flag="--sector",
        ),
    ] = ()
    #: Most lycées that change zone; ``None`` for any number.
    max_moves: Annotated[
        int | None,
        at_least(0, "est 0 ou plus"),
        Option(
            name="Le nombre de déplacements permis",
            label="Déplacements",
            help="au plus K déplacements",
            value="K",
            offered=(*range(11), 12, 15, 20, 30),
            unset="sans limite",
        ),
    ] = None
    #: Seconds after which the incumbent is returned, proven or not; ``None`` to search until the
    #: proof.
    time_limit: Annotated[
        float | None,
        more_than(0, "est un nombre de secondes plus grand que 0"),
        Option(name="Le temps de recherche"),
    ] = None
    #: Fewest and most lycées in a zone.
    size_min: Annotated[
        int,
        at_least(1, "est d'au moins 1 {site}"),
        Option(
            name="La taille minimale d'une zone",
            label="{Sites} par zone",
            offered=_SIZES,
        ),
    ] = field(default_factory=lambda: default_rules().proposed_sizes[0])
    size_max: Annotated[
        int,
        Option(offered=_SIZES),
    ] = field(default_factory=lambda: default_rules().proposed_sizes[1])
    #: Cap on the longest drive inside a zone, in minutes (mean of the two directions); ``None`` for
    #: none.
    max_minutes: Annotated[
        float | None,
        at_least(0, "est un nombre positif"),
        Option(
            name="Le plafond de minutes",
            label="Trajet maximal dans une zone",
            offered=tuple(float(minutes) for minutes in range(20, 95, 5)),
            unit="min",
            unset="sans limite",
        ),
    ] = None
    #: Whether lycées of the scope may leave their sector for another of the scope. A support centre
    #: never does.
    change_sector: Annotated[
        bool,
        Option(
            label="Permettre de changer de secteur",
            help="permettre de changer {a_site} de secteur",
        ),
    ] = False
    #: Keys of the rules that are lifted, whatever the other options.
    without: Annotated[
        Collection[str],
        Option(
            help="sans cette règle ; répété : zone_in_one_piece (d'un seul tenant), zone_minutes "
            "(sous le seuil de minutes), worst_releve_minutes (relève pas plus lente "
            "qu'aujourd'hui), sector_average (3 à 5 {sites} en moyenne dans chaque secteur), "
            "dedicated_posts ({proximity_technicians} dédiés à leur zone), "
            "sector_posts (pas plus de postes qu'aujourd'hui), two_post_zones (pas plus de zones "
            "de deux postes qu'aujourd'hui) ou all",
            value="RÈGLE",
        ),
    ] = ()
    #: Lycées that stay in their zone, whatever other lycées join or leave.
    locked_lycees: Annotated[
        Collection[str],
        Option(
            label="{Sites} qui restent dans leur zone",
            unset="Aucun",
            help="{site} qui reste dans sa zone ; répété",
            value="CODE",
            flag="--lock",
        ),
    ] = ()


#: Identified by the keys of the rules, and of the metric, that they come from.
ONE_PIECE = "zone_in_one_piece"
THRESHOLD = "zone_minutes"
RELEVE = "worst_releve_minutes"
AVERAGE = "sector_average"
POSTS = "dedicated_posts"
HEADCOUNT = "sector_posts"
TWO_POSTS = "two_post_zones"
#: Rules that apply to each new zone.
OF_ZONES = (ONE_PIECE, THRESHOLD, RELEVE)
#: Rules that bound a total over the zones of a sector, or of the region.
OF_TOTALS = (AVERAGE, HEADCOUNT, TWO_POSTS)
RULES = (*OF_ZONES, AVERAGE, POSTS, HEADCOUNT, TWO_POSTS)
#: Word for all the rules, in a list of rules to lift.
ALL = "all"


#: Names of the rules, without their bound; nouns of the network in braces.
_LABELS = {
    ONE_PIECE: "d'un seul tenant",
    RELEVE: "relève pas plus lente qu'aujourd'hui",
    POSTS: "{proximity_technicians} dédiés à leur zone : leurs {sites} y restent",
    HEADCOUNT: "pas plus de postes qu'aujourd'hui",
    TWO_POSTS: "pas plus de zones de deux postes qu'aujourd'hui",
}


def rule_label(rule: str, bound: float | tuple[int, int] | None = None) -> str:
    """Return the name of a rule (of `RULES`) in French.

    It continues the word « zone »: « d'un seul tenant ». ``bound`` is in minutes for the threshold,
    the fewest and most lycées per zone for a sector's average.
    """
    if rule in _LABELS:
        return worded(_LABELS[rule])
    if rule == AVERAGE:
        words = "en moyenne dans chaque secteur"
        if not isinstance(bound, tuple):
            return f"nombre {terms().site.of_plural} {words}"
        return f"{bound[0]} à {bound[1]} {terms().site.plural} {words}"
    return (
        f"sous le seuil de {minutes(bound)}" if isinstance(bound, float | int) else "sous le seuil"
    )


def releve_label(bounds: Iterable[float]) -> str:
    """Return the name of the rule on relèves in French, with the minutes of each sector."""
    known = sorted(bounds)
    if not known:
        return _LABELS[RELEVE]
    low, high = (minutes(value) for value in (known[0], known[-1]))
    text = high if low == high else f"{number(known[0])} à {high} selon le secteur"
    return f"{_LABELS[RELEVE]} ({text})"


class ProofStatus(StrEnum):
    """Proof status of a search's answer."""

    #: No answer that respects the options is better.
    OPTIMAL = "optimal"
    #: The answer respects the options; the gap bounds how much better another could be.
    FEASIBLE = "feasible"
    #: No answer respects the options; the result says why.
    INFEASIBLE = "infeasible"
    #: Stopped before finding an answer that respects the options.
    UNKNOWN = "unknown"
