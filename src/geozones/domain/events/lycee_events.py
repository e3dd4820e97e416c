"""Events of lycées: opened, closed, split, placed, moved; locks of lycées, zones and sectors."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self, override

from geozones.common.errors import InputError
from geozones.common.french import listing, number
from geozones.domain.decisions import LYCEE, SECTOR, ZONE, locked
from geozones.domain.events import change as fp
from geozones.domain.events.change import (
    Data,
    EventChange,
    Footprint,
    Names,
    State,
    footprint,
    name_text,
    one_line,
    text,
)
from geozones.domain.places import Spot, checked_spot
from geozones.domain.plan import Lycee, plan_of
from geozones.domain.plan_documents import lycee_from_json, lycee_to_json
from geozones.domain.teams import Basis, checked_size
from geozones.domain.terms import terms, worded


@dataclass(frozen=True, slots=True)
class MoveLycees(EventChange):
    """Moves of lycées to other zones, all or none: ``{"moves": {lycée: zone}}``."""

    kind: ClassVar[str] = "move"
    moves: Mapping[str, str]

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls({text(lycee): text(zone) for lycee, zone in data["moves"].items()})

    @override
    def apply(self, state: State) -> State:
        plan = state.plan
        for lycee, zone in self.moves.items():
            refusal = state.locks.refusal(plan, lycee, zone)
            if refusal is not None:
                raise InputError(refusal)
            plan = plan.move(lycee, zone)
        return without_stale_choices(replace(state, plan=plan))

    @override
    def footprint(self, state: State) -> Footprint:
        reads, writes = set[fp.Item](), set[fp.Item]()
        for lycee_id, zone in self.moves.items():
            writes.add(fp.zone_of(lycee_id))
            reads |= {fp.lycee(lycee_id), *fp.change_reads(state, zone, lycee_id)}
            reads |= fp.change_reads(state, state.plan.zone_of(lycee_id).id)
        return footprint(reads, writes)

    @override
    def describe(self, names: Names) -> str:
        by_zone: dict[str, list[str]] = {}
        for lycee_id, zone in self.moves.items():
            by_zone.setdefault(zone, []).append(names.lycee(lycee_id))
        return " ; ".join(
            f"{listing(lycees)} → {names.zone(zone_id)}" for zone_id, lycees in by_zone.items()
        )


def without_stale_choices(state: State) -> State:
    """Remove colours of deleted zones, and pivots that left their zone."""
    if not state.pivots and not state.colours:
        return state
    zones = {entry.id for entry in state.plan.zones}
    pivots = {
        zone_id: lycee_id
        for zone_id, lycee_id in state.pivots.items()
        if zone_id in zones and lycee_id in state.plan.members(zone_id)
    }
    colours = {zone_id: colour for zone_id, colour in state.colours.items() if zone_id in zones}
    return replace(state, pivots=pivots, colours=colours)


@dataclass(frozen=True, slots=True)
class LockItem(EventChange):
    """Lock of an item: ``{"kind": "lycee", "zone" or "sector", "id", "reason"}``."""

    kind: ClassVar[str] = "lock"
    item_kind: str
    item: str
    reason: str

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        reason = name_text(data["reason"], "La raison d'un verrou", "reason")
        return cls(text(data["kind"]), text(data["id"]), reason)

    @override
    def apply(self, state: State) -> State:
        locks = state.locks.with_lock(self.item_kind, self.item, one_line(self.reason))
        # raises if the plan has no such thing
        {LYCEE: state.plan.zone_of, ZONE: state.plan.zone, SECTOR: state.plan.sector}[
            self.item_kind
        ](self.item)
        return replace(state, locks=locks)

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint(
            [{LYCEE: fp.lycee, ZONE: fp.zone, SECTOR: fp.sector}[self.item_kind](self.item)],
            [fp.lock(self.item_kind, self.item)],
        )

    @override
    def describe(self, names: Names) -> str:
        return (
            f"{_name(names, self.item_kind, self.item)} : {locked(self.item_kind)} ({self.reason})"
        )


@dataclass(frozen=True, slots=True)
class UnlockItem(EventChange):
    """Removal of a lock: ``{"kind", "id"}``."""

    kind: ClassVar[str] = "unlock"
    item_kind: str
    item: str

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(text(data["kind"]), text(data["id"]))

    @override
    def apply(self, state: State) -> State:
        return replace(state, locks=state.locks.without(self.item_kind, self.item))

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint(writes=[fp.lock(self.item_kind, self.item)])

    @override
    def describe(self, names: Names) -> str:
        return f"{_name(names, self.item_kind, self.item)} : dé{locked(self.item_kind)}"


def _name(names: Names, kind: str, item: str) -> str:
    if kind == SECTOR:
        return names.sector(item)
    return names.lycee(item) if kind == LYCEE else names.zone(item)


@dataclass(frozen=True, slots=True)
class OpenLycee(EventChange):
    """Opening of a lycée in a zone: ``{"zone", "opened": lycée}``, the lycée as in a plan file."""

    kind: ClassVar[str] = "open_lycee"
    zone: str
    opened: Lycee

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(text(data["zone"]), lycee_from_json(data["opened"]))

    @staticmethod
    def data_of(zone_id: str, opened: Lycee) -> dict[str, object]:
        """Return the ``data`` of an event; `read` is the inverse."""
        return {"zone": zone_id, "opened": lycee_to_json(opened, pupils=True)}

    @override
    def apply(self, state: State) -> State:
        return _with_lycee(state, self.opened, self.zone)

    @override
    def footprint(self, state: State) -> Footprint:
        return _opening_footprint(state, self.opened, self.zone)

    @override
    def describe(self, names: Names) -> str:
        opened = worded("{site} ouvert")
        return f"{self.opened.label} : {opened}, zone {names.zone(self.zone)}"

    @property
    @override
    def lycee_names(self) -> Mapping[str, str]:
        return {self.opened.id: self.opened.label}


@dataclass(frozen=True, slots=True)
class CloseLycee(EventChange):
    """Closing of a lycée: ``{"lycee"}``. Half-days of posts there become free."""

    kind: ClassVar[str] = "close_lycee"
    lycee: str

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(text(data["lycee"]))

    @override
    def apply(self, state: State) -> State:
        refusal = closing_refusal(state, self.lycee)
        if refusal is not None:
            raise InputError(refusal)
        plan = state.plan
        stay = {key: zone_id for key, zone_id in plan.zone_by_lycee.items() if key != self.lycee}
        smaller = replace(
            state,
            plan=plan_of(plan.sectors, plan.zones, stay),
            places=state.places.without_lycee(self.lycee),
            teams=state.teams.without_lycee(self.lycee),
        )
        return without_stale_choices(smaller)

    @override
    def footprint(self, state: State) -> Footprint:
        zone_id = state.plan.zone_of(self.lycee).id
        posts = [
            post.zone
            for post in state.teams.posts
            if self.lycee in post.lycees or post.residence == self.lycee
        ]
        return footprint(
            [
                *fp.change_reads(state, zone_id, self.lycee),
                *map(fp.zone_of, state.plan.members(zone_id)),
            ],
            [
                fp.lycee(self.lycee),
                fp.zone_of(self.lycee),
                fp.place(self.lycee),
                *map(fp.posts, posts),
            ],
        )

    @override
    def describe(self, names: Names) -> str:
        return f"{names.lycee(self.lycee)} : {worded('{site} fermé')}"


@dataclass(frozen=True, slots=True)
class SplitLycee(EventChange):
    """Separation of a site of a lycée as a new lycée, in the same zone.

    ``{"lycee", "opened": lycée, "pupils_left": number or null}``: how many pupils the first keeps;
    null where its number does not change.
    """

    kind: ClassVar[str] = "split_lycee"
    lycee: str
    opened: Lycee
    pupils_left: int | None

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        lycee, left = text(data["lycee"]), data["pupils_left"]
        if left is not None:
            left = checked_size(left, Basis.PUPILS, f"{terms().site.of_the} {lycee}")
        return cls(lycee, lycee_from_json(data["opened"]), left)

    @staticmethod
    def data_of(lycee_id: str, opened: Lycee, pupils_left: int | None) -> dict[str, object]:
        """Return the ``data`` of an event; `read` is the inverse."""
        site = lycee_to_json(opened, pupils=True)
        return {"lycee": lycee_id, "opened": site, "pupils_left": pupils_left}

    @override
    def apply(self, state: State) -> State:
        grown = _with_lycee(state, self.opened, state.plan.zone_of(self.lycee).id)
        if self.pupils_left is None:
            return grown
        sizes = grown.teams.sizes
        pupils = {**sizes.get(Basis.PUPILS, {}), self.lycee: self.pupils_left}
        return replace(grown, teams=replace(grown.teams, sizes={**sizes, Basis.PUPILS: pupils}))

    @override
    def footprint(self, state: State) -> Footprint:
        opening = _opening_footprint(state, self.opened, state.plan.zone_of(self.lycee).id)
        pupils = [] if self.pupils_left is None else [fp.size(Basis.PUPILS, self.lycee)]
        return opening | footprint([fp.lycee(self.lycee), fp.zone_of(self.lycee)], pupils)

    @override
    def describe(self, names: Names) -> str:
        return f"{names.lycee(self.lycee)} : un site devient {terms().site.the} {self.opened.label}"

    @property
    @override
    def lycee_names(self) -> Mapping[str, str]:
        return {self.opened.id: self.opened.label}


def closing_refusal(state: State, lycee_id: str, name: Callable[[str], str] = str) -> str | None:
    """Return why a lycée (id) may not close, in a French sentence; ``None`` if it may."""
    plan, zone = state.plan, state.plan.zone_of(lycee_id)
    locked = state.locks.change_refusal(plan, zone.id, lycee_id, name)
    if locked is not None:
        return locked
    site, centre = terms().site, terms().support_centre
    for sector in plan.sectors:
        if sector.support_centre == lycee_id:
            return (
                f"{name(lycee_id)} est {centre.the} du secteur {sector.name} : choisissez-lui "
                f"d'abord un autre {centre}, puis fermez {site.the}."
            )
    if plan.members(zone.id) == (lycee_id,):
        return (
            f"{name(lycee_id)} est le dernier {site} de la zone {zone.name} : donnez-lui d'abord "
            f"un autre {site}, ou fusionnez-la avec une autre zone."
        )
    return None


def _with_lycee(state: State, opened: Lycee, zone_id: str) -> State:
    """Return a state with an additional lycée, in a zone (id)."""
    plan, target = state.plan, state.plan.zone(zone_id)
    if opened.id in plan.zone_by_lycee:
        raise InputError(f"Le code {opened.id} est déjà celui {terms().site.of_a} du plan.")
    name = opened.label.casefold()
    if any(lycee.label.casefold() == name for lycee in state.places.lycees):
        raise InputError(
            f"{worded('{A_site}')} s'appelle déjà {opened.label} : donnez un autre nom à celui-ci."
        )
    locked = state.locks.change_refusal(plan, target.id)
    if locked is not None:
        raise InputError(locked)
    zone_by_lycee = {**plan.zone_by_lycee, opened.id: target.id}
    return replace(
        state,
        plan=plan_of(plan.sectors, plan.zones, zone_by_lycee),
        places=state.places.with_lycee(opened),
    )


def _opening_footprint(state: State, opened: Lycee, zone_id: str) -> Footprint:
    """Return what `_with_lycee` reads and writes."""
    return footprint(
        fp.change_reads(state, zone_id),
        [
            fp.lycee(opened.id),
            fp.zone_of(opened.id),
            fp.place(opened.id),
            ("lycee called", opened.label.casefold()),
        ],
    )


@dataclass(frozen=True, slots=True)
class PlaceLycee(EventChange):
    """Position of a lycée set by hand, or removal of the correction (``None``).

    ``{"lycee", "lat", "lon"}`` in WGS84 degrees, or both null.
    """

    kind: ClassVar[str] = "place"
    lycee: str
    spot: Spot | None

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        lat, lon = data["lat"], data["lon"]
        spot = None if lat is None and lon is None else checked_spot(lat, lon)
        return cls(text(data["lycee"]), spot)

    @override
    def apply(self, state: State) -> State:
        state.plan.zone_of(self.lycee)  # raises if the plan has no such lycée
        return replace(state, places=state.places.with_spot(self.lycee, self.spot))

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint([fp.lycee(self.lycee)], [fp.place(self.lycee)])

    @override
    def describe(self, names: Names) -> str:
        lycee = names.lycee(self.lycee)
        if self.spot is None:
            return f"{lycee} : position des données reprise"
        at = f"{number(self.spot.lat, 5)} ; {number(self.spot.lon, 5)}"
        return f"{lycee} : position corrigée à la main ({at})"
