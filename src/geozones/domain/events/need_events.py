"""Events that change needs, posts, and the hypotheses adopted from a journal."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self, override

from geozones.common.errors import InputError
from geozones.common.french import is_day, listing, number, of, plural
from geozones.domain.events import change as fp
from geozones.domain.events.change import (
    MAX_NAME,
    Data,
    EventChange,
    Footprint,
    Names,
    State,
    footprint,
    name_text,
    one_line,
    optional_text,
    text,
)
from geozones.domain.field_journal import ADOPTABLE, Observation
from geozones.domain.plan_documents import check_posts, post_from_json
from geozones.domain.settings import DriveCorrection
from geozones.domain.teams import (
    Basis,
    ExceptionCause,
    Post,
    PostException,
    WorkloadRule,
    checked_need,
    checked_per_half_day,
    checked_site,
    checked_size,
)
from geozones.domain.terms import terms, worded

_MAX_TOLD = 3
_RULE: fp.Item = ("rule of needs",)


@dataclass(frozen=True, slots=True)
class SetNeeds(EventChange):
    """Needs of lycées, or return to the rule: ``{"needs": {lycée: half-days a week or null}}``."""

    kind: ClassVar[str] = "set_needs"
    needs: Mapping[str, int | None]

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        site = terms().site.of_the
        return cls(
            {
                text(lycee): None if need is None else checked_need(need, f"{site} {lycee}")
                for lycee, need in data["needs"].items()
            }
        )

    @override
    def apply(self, state: State) -> State:
        for lycee_id in self.needs:
            state.plan.zone_of(lycee_id)  # raises if the plan has no such lycée
        kept = {key: need for key, need in state.teams.needs.items() if key not in self.needs}
        given = {key: need for key, need in self.needs.items() if need is not None}
        return replace(state, teams=replace(state.teams, needs={**kept, **given}))

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint(map(fp.lycee, self.needs), (("need", lycee) for lycee in self.needs))

    @override
    def describe(self, names: Names) -> str:
        phrases = [
            f"{names.lycee(key)} : {'hypothèse' if need is None else plural(need, 'demi-journée')}"
            for key, need in list(self.needs.items())[:_MAX_TOLD]
        ]
        left = len(self.needs) - _MAX_TOLD
        more = f", et {plural(left, 'autre')}" if left > 0 else ""
        return f"Besoins, {', '.join(phrases)}{more}"


@dataclass(frozen=True, slots=True)
class SetNeedsRule(EventChange):
    """Change of the rule of needs.

    ``{"basis", "per_half_day", "site_half_days", "rule": {type: half-days a week}, "default"}``:
    old events, when only the type of lycée counted, have the last two alone.
    """

    kind: ClassVar[str] = "set_needs_rule"
    rule: WorkloadRule

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        by_type = {
            one_line(name_text(kind, f"Un type {terms().site.of}")): checked_need(
                need, f"d'un {str(kind)[:40]}"
            )
            for kind, need in data["rule"].items()
        }
        default = checked_need(data["default"], "par défaut")
        if "basis" not in data:
            return cls(WorkloadRule(Basis.TYPE, by_type=by_type, default=default))
        worth = {
            _counted(basis): checked_per_half_day(value)
            for basis, value in data["per_half_day"].items()
        }
        site = checked_site(data["site_half_days"])
        return cls(WorkloadRule(_basis(data["basis"]), worth, site, by_type, default))

    @override
    def apply(self, state: State) -> State:
        return replace(state, teams=replace(state.teams, rule=self.rule))

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint(writes=[_RULE])

    @override
    def describe(self, names: Names) -> str:
        if self.rule.basis is Basis.TYPE:
            return f"Règle des besoins par type {terms().site.of} changée"
        return f"Règle des besoins changée : {self.rule.text}"


@dataclass(frozen=True, slots=True)
class SetSizes(EventChange):
    """Sizes of lycées, which become the basis of needs.

    ``{"basis", "sizes": {lycée: number or null}, "per_half_day"}``: pupils, workstations or
    tickets; null for what the data folder says.
    """

    kind: ClassVar[str] = "set_sizes"
    basis: Basis
    sizes: Mapping[str, int | None]
    per_half_day: float

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        basis, site = _counted(data["basis"]), terms().site.of_the
        sizes = {
            text(lycee): None if size is None else checked_size(size, basis, f"{site} {lycee}")
            for lycee, size in data["sizes"].items()
        }
        return cls(basis, sizes, checked_per_half_day(data["per_half_day"]))

    @override
    def apply(self, state: State) -> State:
        for lycee_id in self.sizes:
            state.plan.zone_of(lycee_id)  # raises if the plan has no such lycée
        teams = state.teams
        held = {**teams.sizes.get(self.basis, {}), **self.sizes}
        given = {key: size for key, size in held.items() if size is not None}
        worth = {**teams.rule.per_half_day, self.basis: self.per_half_day}
        rule = replace(teams.rule, basis=self.basis, per_half_day=worth)
        sizes = {**teams.sizes, self.basis: given}
        return replace(state, teams=replace(teams, rule=rule, sizes=sizes))

    @override
    def footprint(self, state: State) -> Footprint:
        rule = state.teams.rule
        same = rule.basis is self.basis and rule.per_half_day.get(self.basis) == self.per_half_day
        sizes = [fp.size(self.basis, lycee) for lycee in self.sizes]
        lycees = [fp.lycee(lycee_id) for lycee_id in self.sizes]
        return footprint([*lycees, _RULE], sizes if same else [*sizes, _RULE])

    @override
    def describe(self, names: Names) -> str:
        count = terms().site.counted(len(self.sizes))
        return f"Besoins d'après les {self.basis.label} de {count}"


def _basis(value: object) -> Basis:
    if not isinstance(value, str) or value not in set(Basis):
        raise InputError(f"Les besoins sont calculés d'après {listing(list(Basis), 'ou')}.")
    return Basis(value)


def _counted(value: object) -> Basis:
    basis = _basis(value)
    if basis is Basis.TYPE:
        raise InputError(f"Indiquez un nombre {terms().size.of_plural}, de postes ou de tickets.")
    return basis


#: Limits of a drive factor: beyond, the journal is wrong, not the matrix.
FACTORS = (0.5, 2.0)
_MOST_GROUPS = 500
#: After the number of observations of a journal that a generator made.
_INVENTED = " d'un journal inventé"


@dataclass(frozen=True, slots=True)
class AdoptHypothesis(EventChange):
    """Adoption of an observed hypothesis, or return to the default.

    ``{"hypothesis", "observed": {"value", "low", "high", "count", "first", "last"} or null}``: the
    hypothesis is a setting that a journal may replace; ``"invented": true`` marks a journal made
    by a generator.
    """

    kind: ClassVar[str] = "adopt_hypothesis"
    hypothesis: str
    observed: Observation | None

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        name = text(data["hypothesis"])
        if name not in ADOPTABLE:
            raise InputError(f"Une hypothèse observée est {listing(list(ADOPTABLE), 'ou')}.")
        if data["observed"] is None:
            return cls(name, None)
        observed = _observed(data["observed"])
        _, low, high, label = ADOPTABLE[name]
        if not low <= observed.value <= high:
            raise InputError(
                f"Hypothèse « {worded(label)} » : {number(low, 1)} à {number(high, 1)}."
            )
        return cls(name, observed)

    @override
    def apply(self, state: State) -> State:
        adopted = state.adopted.with_hypothesis(self.hypothesis, self.observed)
        return replace(state, adopted=adopted)

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint(writes=[("hypothesis", self.hypothesis)])

    @override
    def describe(self, names: Names) -> str:
        label = worded(ADOPTABLE[self.hypothesis][3])
        if self.observed is None:
            return f"Hypothèse « {label} » : celle de l'outil"
        value = self.observed.value
        percent = self.hypothesis == "absence_rate"
        text = f"{number(100 * value, 1)} %" if percent else number(value, 2)
        counted = plural(self.observed.count, "observation")
        source = f"{counted}{_INVENTED if self.observed.invented else ''}"
        return f"Hypothèse « {label} » : {text}, d'après {source}"


@dataclass(frozen=True, slots=True)
class CorrectDrives(EventChange):
    """Correction of drives between lycées by observed journeys, or its removal.

    ``{"groups": [{"lycees": [id, …], "factor", "low", "high", "count", "first", "last"}, …]}``:
    none for the matrix as it is; ``"invented": true`` as for hypotheses.
    """

    kind: ClassVar[str] = "correct_drives"
    groups: tuple[DriveCorrection, ...]

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(tuple(_correction(group) for group in data["groups"][:_MOST_GROUPS]))

    @override
    def apply(self, state: State) -> State:
        return replace(state, adopted=replace(state.adopted, drives=self.groups))

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint(writes=[("drives",)])

    @override
    def describe(self, names: Names) -> str:
        if not self.groups:
            return "Durées des trajets : celles de la matrice"
        zones = plural(len(self.groups), "zone")
        journeys = plural(
            sum(group.count for group in self.groups), "trajet mesuré", "trajets mesurés"
        )
        invented = _INVENTED if any(group.invented for group in self.groups) else ""
        return f"Durées corrigées dans {zones}, d'après {journeys}{invented}"


def _observed(data: Mapping[str, Any]) -> Observation:
    value, low, high = (_figure(data[name]) for name in ("value", "low", "high"))
    if not low <= value <= high:
        raise InputError("Une valeur observée est dans son intervalle.")
    return Observation(value, low, high, *_adopted_count(data))


def _correction(data: Mapping[str, Any]) -> DriveCorrection:
    factor, low, high = (_figure(data[name]) for name in ("factor", "low", "high"))
    least, most = FACTORS
    if not least <= factor <= most:
        raise InputError(
            f"Un trajet est corrigé d'un facteur de {number(least, 1)} à {number(most, 1)}."
        )
    lycees = frozenset(text(lycee) for lycee in data["lycees"])
    return DriveCorrection(lycees, factor, low, high, *_adopted_count(data))


def _adopted_count(data: Mapping[str, Any]) -> tuple[int, str, str, bool]:
    count, first, last = data["count"], text(data["first"]), text(data["last"])
    if type(count) is not int or count < 1 or not is_day(first) or not is_day(last):
        raise InputError("Une observation a un nombre, et une période.")
    return count, first, last, bool(data.get("invented"))


def _figure(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
        raise InputError("Une valeur observée est un nombre, 0 ou plus.")
    return float(value)


@dataclass(frozen=True, slots=True)
class SetPosts(EventChange):
    """Replacement of the posts of some zones: ``{"zones": [id, …], "posts": [post, …]}``.

    With ``"exceptions": {post id: {"cause", "note"}}``, some may deviate from the document,
    unless they already have an exception.
    """

    kind: ClassVar[str] = "set_posts"
    zones: tuple[str, ...]
    posts: tuple[Post, ...]
    exceptions: Mapping[str, PostException] = field(default_factory=dict)

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        zones = tuple(str(zone) for zone in data["zones"])
        posts = tuple(post_from_json(post) for post in data["posts"])
        given = data.get("exceptions") or {}
        exceptions = {text(key): _exception(why) for key, why in given.items()}
        known = {post.id for post in posts}
        return cls(zones, posts, {k: why for k, why in exceptions.items() if why and k in known})

    @override
    def apply(self, state: State) -> State:
        check_posts(self.posts, self.zones, state.plan, state.teams)
        teams = state.teams.with_posts(self.zones, self.posts)
        exceptions = {**self.exceptions, **teams.exceptions}
        return replace(state, teams=replace(teams, exceptions=exceptions))

    @override
    def footprint(self, state: State) -> Footprint:
        lycees = {
            lycee
            for post in self.posts
            for lycee in (*post.lycees, post.residence)
            if lycee is not None
        }
        return footprint(
            [
                *map(fp.zone, self.zones),
                *map(fp.lycee, lycees),
                *map(fp.zone_of, lycees),
            ],
            [*map(fp.posts, self.zones), *(("post", post.id) for post in self.posts)],
        )

    @override
    def describe(self, names: Names) -> str:
        zones = [names.zone(zone) for zone in self.zones]
        where = listing(zones) if len(zones) <= _MAX_TOLD else f"{len(zones)} zones"
        kind = terms().proximity_technician.of
        return f"Postes {of(where)} : {plural(len(self.posts), 'poste')} {kind}"


@dataclass(frozen=True, slots=True)
class DropPosts(EventChange):
    """Removal of posts, even of posts whose zone is deleted: ``{"posts": [id, …]}``."""

    kind: ClassVar[str] = "drop_posts"
    posts: tuple[str, ...]

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(tuple(str(post) for post in data["posts"]))

    @override
    def apply(self, state: State) -> State:
        gone = {state.teams.post(post).id for post in self.posts}
        teams = state.teams
        kept = tuple(post for post in teams.posts if post.id not in gone)
        exceptions = {key: why for key, why in teams.exceptions.items() if key not in gone}
        return replace(state, teams=replace(teams, posts=kept, exceptions=exceptions))

    @override
    def footprint(self, state: State) -> Footprint:
        gone = [state.teams.post(key) for key in self.posts]
        return footprint(
            writes=[*(fp.posts(post.zone) for post in gone), *(("post", key) for key in self.posts)]
        )

    @override
    def describe(self, names: Names) -> str:
        return plural(len(self.posts), "poste retiré", "postes retirés")


@dataclass(frozen=True, slots=True)
class SetPostException(EventChange):
    """Exception of a post, or its removal: ``{"post": id, "cause": word or null, "note": text}``.

    ``cause`` is a value of `ExceptionCause`.
    """

    kind: ClassVar[str] = "post_exception"
    post: str
    exception: PostException | None

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(text(data["post"]), _exception(data))

    @override
    def apply(self, state: State) -> State:
        post = state.teams.post(self.post).id
        kept = {key: why for key, why in state.teams.exceptions.items() if key != post}
        if self.exception is not None:
            kept[post] = self.exception
        return replace(state, teams=replace(state.teams, exceptions=kept))

    @override
    def footprint(self, state: State) -> Footprint:
        post = state.teams.post(self.post)
        return footprint([fp.posts(post.zone)], [("exception", post.id)])

    @override
    def describe(self, names: Names) -> str:
        if self.exception is None:
            return "Un poste n'est plus une exception"
        return f"Exception d'un poste {terms().proximity_technician.of} : {self.exception.text}"


def _exception(data: Data) -> PostException | None:
    """Read the exception of a post, ``{"cause": word or null, "note": text}``."""
    cause, note = optional_text(data["cause"]), one_line(text(data.get("note") or ""))
    if cause is None:
        return None
    if cause not in set(ExceptionCause):
        raise InputError(f"Une exception est de cause {listing(list(ExceptionCause), 'ou')}.")
    if len(note) > MAX_NAME:
        raise InputError(f"La raison d'une exception a {MAX_NAME} caractères au plus.")
    return PostException(ExceptionCause(cause), note)
