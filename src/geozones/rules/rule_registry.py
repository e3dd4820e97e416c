"""Rules of a plan: their records, their list, then the function that checks each of them.

A rule of the source document is checked as the document says it: its « moyenne de 3 à 5 lycées par
zone de continuité » bounds the average of a sector, and a single zone outside these bounds is
information only. Posts may have exceptions in the document (« taille des établissements /
éloignement géographique... »): the breach of a post with an exception, which people give with its
reason, is information.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations

from geozones.common.french import listing, minutes, number, of, plural, to_be_confirmed
from geozones.domain import Lycee, Plan, Settings, TravelTimes
from geozones.domain.settings import documented
from geozones.domain.teams import Post, Teams
from geozones.domain.terms import has_organisation, terms
from geozones.territory.shapes import parts_cut_off


class Severity(StrEnum):
    """Severity of a breach; only a forbidden breach refuses the change that causes it.

    Information is worth knowing but no alert: it is neither counted nor reported as worse.
    """

    INFO = "information"
    WARNING = "avertissement"
    FORBIDDEN = "interdit"


class RuleOrigin(StrEnum):
    """Origin of a rule: the Région's document, this tool, or the planner who set its bound."""

    DOCUMENT = "document"
    TOOL = "outil"
    YOURS = "vous"

    @property
    def label(self) -> str:
        """Return the name of this origin, on screen and in files."""
        return _ORIGIN_LABELS[self.stated]

    @property
    def stated(self) -> "RuleOrigin":
        """Return the origin as people read it: without a document, its rules are the tool's."""
        if self is RuleOrigin.DOCUMENT:
            return RuleOrigin(documented(RuleOrigin.DOCUMENT, RuleOrigin.TOOL))
        return self


_ORIGIN_LABELS = {
    RuleOrigin.DOCUMENT: "règle du document",
    RuleOrigin.TOOL: "règle de l'outil",
    RuleOrigin.YOURS: "votre règle",
}


#: Unit of a breach whose measure is the minutes between two lycées.
MINUTES = "min"


class RuleScope(StrEnum):
    """Scope of a rule: each zone, or each sector."""

    ZONE = "zone"
    SECTOR = "secteur"


def _as_it_is(plan: Plan) -> Plan:
    return plan


@dataclass(frozen=True)
class RuleContext:
    """Inputs of rules, besides the plan.

    ``reference`` is the plan whose sectors count as the starting point (the shipped one);
    ``neighbours`` maps each lycée id to the lycées whose cells touch its own; ``teams`` holds the
    posts, none by default; ``named`` gives a plan made by moves the names that its zones show.
    """

    lycees: Mapping[str, Lycee]
    times: TravelTimes
    neighbours: Mapping[str, frozenset[str]]
    reference: Plan
    settings: Settings
    teams: Teams = field(default_factory=Teams)
    named: Callable[[Plan], Plan] = _as_it_is

    def name(self, lycee_id: str) -> str:
        """Return the name of a lycée in a sentence (see `Lycee.label`)."""
        return self.lycees[lycee_id].label


@dataclass(frozen=True, slots=True)
class Violation:
    """Breach of a rule in a zone or a sector, as one French sentence.

    ``zone`` is ``None`` if the rule judges the whole of ``sector``, which is ``None`` otherwise.
    ``lycees`` (ids) are the lycées in the sentence: all of the zone if it is about the zone.
    ``measure`` grows with the breach (minutes, lycées too many, pieces), so that two states of the
    same breach can be compared. ``per_lycee``: the zone may break the rule several times, each time
    for other lycées; with ``post`` (id), each time for another post; otherwise it breaks it once,
    whichever its lycées. ``to_confirm``: its threshold is inside the interval of its minutes.
    ``unit`` is that of ``measure``, if it is worth a figure: `MINUTES` between its lycées, pieces.
    """

    rule: str
    severity: Severity
    origin: RuleOrigin
    zone: str | None
    lycees: tuple[str, ...]
    message: str
    measure: float = 1.0
    per_lycee: bool = False
    sector: str | None = None
    post: str | None = None
    to_confirm: bool = False
    unit: str = ""

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """Identity of the breach before and after a move."""
        part = self.lycees if self.per_lycee else () if self.post is None else (self.post,)
        return (self.rule, self.zone or self.sector or "", part)

    @property
    def is_alert(self) -> bool:
        """Return whether the breach is more than information."""
        return self.severity is not Severity.INFO

    def sector_in(self, plan: Plan) -> str:
        """Return the sector (id) of the breach, in the plan that breaks the rule."""
        return self.sector or plan.zone(self.zone or "").sector


@dataclass(frozen=True, slots=True)
class Rule:
    """Rule of a plan: key, highest severity, origin, check."""

    key: str
    severity: Severity
    origin: RuleOrigin
    #: Returns the breaches of this rule in one zone or sector (id) of a plan, according to
    #: ``scope``.
    check: Callable[["Rule", Plan, str, RuleContext], tuple[Violation, ...]]
    scope: RuleScope = RuleScope.ZONE
    #: Returns whether a planner chose its bound in some settings, and so owns the rule.
    set_by: Callable[[Settings], bool] | None = None

    def breach(
        self, place: str, lycees: tuple[str, ...], message: str, measure: float = 1.0
    ) -> Violation:
        """Return a breach of this rule in a zone or a sector (id); see `Violation`."""
        whole = self.scope is RuleScope.SECTOR
        return Violation(
            self.key,
            self.severity,
            self.origin,
            None if whole else place,
            lycees,
            message,
            measure,
            sector=place if whole else None,
        )


def define_rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of listing."""
    sector = RuleScope.SECTOR
    return (
        Rule("support_centre", Severity.FORBIDDEN, RuleOrigin.DOCUMENT, _support_centre),
        Rule("zone_empty", Severity.INFO, RuleOrigin.TOOL, _zone_empty),
        Rule("sector_average", Severity.WARNING, RuleOrigin.DOCUMENT, _sector_average, sector),
        Rule("zone_size", Severity.WARNING, RuleOrigin.DOCUMENT, _zone_size),
        Rule(
            "zone_minutes", Severity.WARNING, RuleOrigin.TOOL, _zone_minutes, set_by=_sets_minutes
        ),
        Rule("zone_in_one_piece", Severity.WARNING, RuleOrigin.TOOL, _zone_in_one_piece),
        Rule("sector_change", Severity.INFO, RuleOrigin.DOCUMENT, _sector_change),
        Rule("dedicated_posts", Severity.WARNING, RuleOrigin.DOCUMENT, _dedicated_posts),
        Rule("shared_posts", Severity.WARNING, RuleOrigin.DOCUMENT, _shared_posts),
    )


def _support_centre(
    rule: Rule, plan: Plan, zone_id: str, context: RuleContext
) -> tuple[Violation, ...]:
    """Return a breach for each support centre of another sector in the zone."""
    sector_id = plan.zone(zone_id).sector
    return tuple(
        replace(
            rule.breach(
                zone_id,
                (owner.support_centre,),
                f"{context.name(owner.support_centre)} est {terms().support_centre.the} du secteur "
                f"{owner.name} : il doit rester dans ce secteur.",
            ),
            per_lycee=True,
        )
        for owner in plan.sectors
        if owner.id != sector_id
        and owner.support_centre is not None
        and plan.zone_by_lycee.get(owner.support_centre) == zone_id
    )


def _zone_empty(rule: Rule, plan: Plan, zone_id: str, _: RuleContext) -> tuple[Violation, ...]:
    """Return a breach if the zone has no lycée."""
    if plan.members(zone_id):
        return ()
    message = f"La zone {plan.zone(zone_id).name} n'a plus {terms().site.no}."
    return (rule.breach(zone_id, (), message),)


def _sector_average(
    rule: Rule, plan: Plan, sector_id: str, context: RuleContext
) -> tuple[Violation, ...]:
    """Return a breach if the average size of the sector's zones is out of the bounds."""
    sizes = [len(plan.members(zone.id)) for zone in plan.zones_of(sector_id)]
    zones = sum(size > 0 for size in sizes)
    low, high = context.settings.zone_min, context.settings.zone_max
    mean = sum(sizes) / zones if zones else None
    if mean is None or low <= mean <= high:
        return ()
    message = (
        f"Le secteur {plan.sector(sector_id).name} compte {terms().site.counted(sum(sizes))} en "
        f"{plural(zones, 'zone')}, {number(mean, 0 if mean.is_integer() else 1)} en moyenne : "
        f"{documented('le document demande', 'il faut')} une moyenne de {low} à {high}."
    )
    return (
        rule.breach(sector_id, plan.lycees_of(sector_id), message, max(low - mean, mean - high)),
    )


def _zone_size(rule: Rule, plan: Plan, zone_id: str, context: RuleContext) -> tuple[Violation, ...]:
    """Return a breach if the zone is smaller than the average asked; information if larger."""
    members = plan.members(zone_id)
    low, high = context.settings.zone_min, context.settings.zone_max
    if not members or low <= len(members) <= high:
        return ()
    is_small = len(members) < low
    count = f"La zone {plan.zone(zone_id).name} compte {terms().site.counted(len(members))}"
    message = (
        f"{count} : trop peu pour assurer la relève (moyenne demandée : {low} à {high})."
        if is_small
        else f"{count}, plus que la moyenne demandée ({low} à {high})."
    )
    # A published zone of 6 breaks nothing of the document, whose « 3 à 5 » is an average.
    excess = low - len(members) if is_small else len(members) - high
    breach = rule.breach(zone_id, members, message, excess)
    if is_small:
        return (replace(breach, unit=f"{terms().site.plural} sous le minimum"),)
    return (replace(breach, severity=Severity.INFO),)


def _zone_minutes(
    rule: Rule, plan: Plan, zone_id: str, context: RuleContext
) -> tuple[Violation, ...]:
    """Return a breach if the longest drive inside the zone is above the threshold.

    Minutes that are all estimates are not judged: hills are in none of them.
    """
    if context.times.all_estimated:
        return ()
    table = context.times.both_ways
    pairs = [(table[a][b], a, b) for a, b in combinations(plan.members(zone_id), 2)]
    worst = max(pairs, key=lambda pair: pair[0], default=None)
    limit = context.settings.max_minutes
    if worst is None or worst[0] <= limit:
        return ()
    duration, first, second = worst
    message = (
        f"Dans la zone {plan.zone(zone_id).name}, {context.name(first)} et {context.name(second)} "
        f"sont à {minutes(duration)} l'un de l'autre (seuil : {minutes(limit)})."
    )
    breach = replace(rule.breach(zone_id, (first, second), message, duration), unit=MINUTES)
    over = (context.times.interval_both_ways(a, b) for took, a, b in pairs if took > limit)
    if all(low <= limit for low, _ in over):
        return (replace(breach, message=to_be_confirmed(message), to_confirm=True),)
    return (breach,)


def _sets_minutes(settings: Settings) -> bool:
    return settings.max_minutes != Settings().max_minutes


def _zone_in_one_piece(
    rule: Rule, plan: Plan, zone_id: str, context: RuleContext
) -> tuple[Violation, ...]:
    """Return a breach if the cells of the zone are in several pieces on the map."""
    parts = parts_cut_off(context.neighbours, plan.members(zone_id))
    if not parts:
        return ()
    main, *others = parts
    cut = tuple(lycee for part in others for lycee in part)
    names, e = listing([context.name(lycee_id) for lycee_id in cut]), terms().site.e
    message = (
        f"La zone {plan.zone(zone_id).name} n'est pas d'un seul tenant : "
        f"{names} {f'est séparé{e}' if len(cut) == 1 else f'sont séparé{e}s'} "
        f"{of(listing([context.name(lycee_id) for lycee_id in main]))}."
    )
    return (replace(rule.breach(zone_id, cut, message, len(parts)), unit="parties séparées"),)


def _sector_change(
    rule: Rule, plan: Plan, zone_id: str, context: RuleContext
) -> tuple[Violation, ...]:
    """Return a breach for each lycée of the zone in another sector in the reference plan."""
    target = plan.sector(plan.zone(zone_id).sector)
    unknown = " (RNS non publié)" if has_organisation() else ""
    leader = f", RNS {target.rns}" if target.rns else unknown

    def breach(lycee_id: str) -> Violation:
        left = context.reference.sector_of(lycee_id)
        message = (
            f"{context.name(lycee_id)} change de secteur : du secteur {left.name} au secteur "
            f"{target.name}{leader}."
        )
        # The sectors of a draft are the tool's: the Région did not put the lycée there.
        origin = RuleOrigin.TOOL if left.is_draft else rule.origin
        return replace(rule.breach(zone_id, (lycee_id,), message), origin=origin, per_lycee=True)

    return tuple(
        breach(lycee_id)
        for lycee_id in plan.members(zone_id)
        if lycee_id in context.reference.zone_by_lycee
        and context.reference.sector_of(lycee_id).id != target.id
    )


def _dedicated_posts(
    rule: Rule, plan: Plan, zone_id: str, context: RuleContext
) -> tuple[Violation, ...]:
    """Return a breach for each post of the zone that is due in a lycée of another zone."""
    inside, kind = set(plan.members(zone_id)), terms().proximity_technician
    breaches = []
    for post in context.teams.of_zone(zone_id):
        strays = tuple(lycee_id for lycee_id in post.lycees if lycee_id not in inside)
        if not strays:
            continue
        away = sum(post.cells.count(lycee) for lycee in strays)
        message = (
            f"{context.teams.label(plan, post)} passe {plural(away, 'demi-journée')} hors de "
            f"sa zone : {listing([context.name(lycee_id) for lycee_id in strays])}. "
            f"Les {kind.plural} sont dédiés à leur zone, sauf exceptions."
        )
        breaches.append(_of_post(rule.breach(zone_id, strays, message, away), post, context))
    return tuple(breaches)


def _shared_posts(
    rule: Rule, plan: Plan, zone_id: str, context: RuleContext
) -> tuple[Violation, ...]:
    """Return a breach for each post with one lycée, and for each lycée that one post knows."""
    posts = context.teams.of_zone(zone_id)
    breaches = []
    for post in posts:
        if len(post.lycees) != 1:
            continue
        message = (
            f"{context.teams.label(plan, post)} n'a qu'{terms().site.a}, "
            f"{context.name(post.lycees[0])} : "
            "les postes sont partagés, sauf exceptions (taille, éloignement)."
        )
        breaches.append(_of_post(rule.breach(zone_id, post.lycees, message), post, context))
    for lycee_id in plan.members(zone_id):
        there = [post for post in posts if lycee_id in post.lycees]
        if len(there) != 1:
            continue
        (post,) = there
        message = (
            f"{context.name(lycee_id)} n'est connu que "
            f"{terms().proximity_technician.of_a}, {context.teams.label(plan, post)} : en son "
            "absence, aucun collègue ne connaît les lieux."
        )
        breach = _of_post(rule.breach(zone_id, (lycee_id,), message), post, context)
        breaches.append(replace(breach, per_lycee=True))
    return tuple(breaches)


def _of_post(breach: Violation, post: Post, context: RuleContext) -> Violation:
    """Return a breach by a post, as information if people gave an exception."""
    exception = context.teams.exceptions.get(post.id)
    if exception is None:
        return replace(breach, post=post.id)
    message = f"{breach.message} Exception retenue : {exception.text}."
    return replace(breach, post=post.id, severity=Severity.INFO, message=message)


# The list is a function, so that it can stand first in the file, before the functions that it
# names.
REGISTRY = define_rules()


#: Groups of sites that are tried around one, at most: beyond, one of them is taken to fit.
_TRIED = 20_000


def why_remote(
    near: Sequence[str], together: Callable[[str, str], bool], others: int, limit: float
) -> str:
    """Return why a site fits no zone of its sector, as the end of a sentence; "" if it fits one.

    ``near`` are the sites of its sector within the threshold, ``limit`` minutes; ``together`` tells
    whether two of them are within it of one another. A zone has ``others`` other sites at least.
    """
    site = terms().site
    if len(near) < others:
        few = {0: site.no, 1: f"qu'{site.a}"}
        some = few.get(len(near), f"que {site.counted(len(near))}")
        return f"n'y a {some} à {minutes(limit)} au plus"
    for rank, group in enumerate(combinations(near, others)):
        if rank > _TRIED or all(together(a, b) for a, b in combinations(group, 2)):
            return ""
    return f"n'y a à {minutes(limit)} au plus que des {site.plural} trop loin pour une même zone"
