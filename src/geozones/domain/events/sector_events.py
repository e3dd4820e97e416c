"""Events that create, edit and remove sectors; `zone_events` moves zones between sectors."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self, override

from geozones.common.errors import InputError
from geozones.common.french import plural
from geozones.domain.decisions import SECTOR
from geozones.domain.events import change as fp
from geozones.domain.events.change import (
    CODE,
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
from geozones.domain.events.lycee_events import without_stale_choices
from geozones.domain.plan import DecisionStatus, Origin, Plan, Sector, plan_of
from geozones.domain.plan_documents import (
    checked_experimental,
    checked_milestones,
    checked_note,
    checked_technicians,
)
from geozones.domain.terms import terms, worded

_NAME, _LEADER = "Le nom d'un secteur", "Le nom d'un RNS"


@dataclass(frozen=True, slots=True)
class CreateSector(EventChange):
    """Creation of a sector without zones, as a proposal: ``{"sector", "name"}``."""

    kind: ClassVar[str] = "create_sector"
    sector: str
    name: str

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(str(data["sector"]), name_text(data["name"], _NAME))

    @override
    def apply(self, state: State) -> State:
        plan = state.plan
        if not CODE.fullmatch(self.sector) or self.sector in {entry.id for entry in plan.sectors}:
            raise InputError(
                f"Le code de secteur « {self.sector[:40]} » est déjà pris ou mal formé."
            )
        name = free_name(plan, self.sector, self.name)
        created = Sector(self.sector, name, DecisionStatus.PROPOSED)
        return with_sectors(state, (*plan.sectors, created))

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint(writes=[fp.sector(self.sector), fp.sector_name(one_line(self.name))])

    @override
    def describe(self, names: Names) -> str:
        return f"Secteur {self.name} créé"

    @property
    @override
    def sector_names(self) -> Mapping[str, str]:
        return {self.sector: self.name}


@dataclass(frozen=True, slots=True)
class EditSector(EventChange):
    """Changes of a sector's fields: ``{"sector", "changes": {field: value}}``.

    Fields are ``name``, ``rns``, ``support_centre``, ``technicians``, ``experimental``,
    ``milestones`` and ``note``, with values as in a plan file. A draft becomes a proposal, even
    without any change: it is proposed as it is.
    """

    kind: ClassVar[str] = "edit_sector"
    sector: str
    changes: Mapping[str, Any]

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(
            text(data["sector"]),
            {str(field): FIELDS[field](value) for field, value in data["changes"].items()},
        )

    @override
    def apply(self, state: State) -> State:
        plan, before = state.plan, state.plan.sector(self.sector)
        after = replace(before, **self.changes)
        if "name" in self.changes:
            after = replace(after, name=free_name(plan, before.id, after.name))
        if "support_centre" in self.changes and after.support_centre is not None:
            _check_centre(plan, after)
        after = proposed(after)
        if after == before:
            raise InputError(
                f"Rien ne change dans le secteur {before.name} : ce sont déjà ces valeurs."
            )
        return with_sectors(state, replaced(plan, after))

    @override
    def footprint(self, state: State) -> Footprint:
        before = state.plan.sector(self.sector)
        status = fp.sector_field(before.id, "status")
        reads, writes = (
            {fp.sector(before.id), status},
            {fp.sector_field(before.id, name) for name in self.changes},
        )
        if "name" in self.changes:
            writes |= {fp.sector_name(before.name), fp.sector_name(self.changes["name"])}
        centre = self.changes.get("support_centre")
        if centre is not None:
            home = state.plan.zone_of(centre).id
            reads |= {fp.lycee(centre), fp.zone_of(centre), fp.zone(home)}
        if replace(before, **self.changes) == before:
            writes.add(status)
        return footprint(reads, writes)

    @override
    def describe(self, names: Names) -> str:
        others = {field: value for field, value in self.changes.items() if field != "name"}
        phrases = ", ".join(_DESCRIBED[field](value, names) for field, value in others.items())
        if "name" in self.changes:  # its name before is not known here
            return " : ".join(filter(None, (f"Secteur renommé {self.changes['name']}", phrases)))
        return f"Secteur {names.sector(self.sector)} : {phrases or 'proposé tel quel'}"

    @property
    @override
    def sector_names(self) -> Mapping[str, str]:
        return {self.sector: self.changes["name"]} if "name" in self.changes else {}


@dataclass(frozen=True, slots=True)
class DeleteSector(EventChange):
    """Removal of a sector with its zones, without lycées and posts: ``{"sector"}``."""

    kind: ClassVar[str] = "delete_sector"
    sector: str

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(text(data["sector"]))

    @override
    def apply(self, state: State) -> State:
        plan, sector = state.plan, state.plan.sector(self.sector)
        refuse_if_locked(state, sector.id)
        lycees = plan.lycees_of(sector.id)
        posts = [post for zone in plan.zones_of(sector.id) for post in state.teams.of_zone(zone.id)]
        if lycees or posts:
            left = terms().site.counted(len(lycees)) if lycees else plural(len(posts), "poste")
            raise InputError(
                f"Le secteur {sector.name} a encore {left} : fusionnez-le avec un autre, ou donnez "
                "d'abord ses zones à d'autres secteurs."
            )
        return without_sector(state, sector.id)

    @override
    def footprint(self, state: State) -> Footprint:
        zones = [zone.id for zone in state.plan.zones_of(self.sector)]
        return footprint(
            [fp.lock(SECTOR, self.sector)], [fp.sector(self.sector), *map(fp.zone, zones)]
        )

    @override
    def describe(self, names: Names) -> str:
        return f"Secteur {names.sector(self.sector)} supprimé"


def proposed(sector: Sector) -> Sector:
    """Return an edited sector; a draft becomes the editors' proposal."""
    if not sector.is_draft:
        return sector
    return replace(sector, status=DecisionStatus.PROPOSED, origin=Origin.REGION)


def replaced(plan: Plan, *sectors: Sector) -> tuple[Sector, ...]:
    """Return the sectors of a plan, replacing those with the ids of the given sectors."""
    new = {sector.id: sector for sector in sectors}
    return tuple(new.get(sector.id, sector) for sector in plan.sectors)


def with_sectors(state: State, sectors: Iterable[Sector]) -> State:
    """Return a state whose plan has other sectors."""
    plan = plan_of(sectors, state.plan.zones, state.plan.zone_by_lycee)
    return replace(state, plan=plan)


def without_sector(state: State, sector_id: str) -> State:
    """Return a state without a sector (id) and its zones, which must hold no lycée."""
    plan = state.plan
    sectors = [entry for entry in plan.sectors if entry.id != sector_id]
    zones = [zone for zone in plan.zones if zone.sector != sector_id]
    return without_stale_choices(replace(state, plan=plan_of(sectors, zones, plan.zone_by_lycee)))


def free_name(plan: Plan, sector_id: str, name: str) -> str:
    """Return a name on one line; raises ``InputError`` if another sector has it."""
    line = one_line(name)
    if any(s.id != sector_id and s.name.casefold() == line.casefold() for s in plan.sectors):
        raise InputError(
            f"Un autre secteur s'appelle déjà {line} : donnez un autre nom à celui-ci.",
            field="name",
        )
    return line


def refuse_if_locked(state: State, sector_id: str) -> None:
    """Raise ``InputError`` where a sector (id) is locked, with the reason."""
    reason = state.locks.reasons.get((SECTOR, sector_id))
    if reason is not None:
        raise InputError(
            f"Le secteur {state.plan.sector(sector_id).name} est verrouillé : {reason}."
        )


def _check_centre(plan: Plan, sector: Sector) -> None:
    """Raise if the support centre is not a lycée of the sector."""
    centre, site = str(sector.support_centre), terms().site
    if centre not in plan.zone_by_lycee:
        raise InputError(
            f"Le plan n'a pas {site.of} {centre[:40]} : choisissez-en un du secteur {sector.name}."
        )
    where = plan.sector_of(centre)
    if where.id != sector.id:
        raise InputError(
            f"{worded('{The_site}')} {centre} est du secteur {where.name} : "
            f"{terms().support_centre.the} de {sector.name} doit être un de ses "
            f"{site.plural}."
        )


#: Reader of each field that `EditSector` may change.
FIELDS: Mapping[str, Callable[[object], Any]] = {
    "name": lambda value: one_line(name_text(value, _NAME)),
    "rns": lambda value: None if value is None else one_line(name_text(value, _LEADER)),
    "support_centre": optional_text,
    "technicians": checked_technicians,
    "experimental": checked_experimental,
    "milestones": checked_milestones,
    "note": checked_note,
}
#: Description of the new value of a field.
_DESCRIBED: Mapping[str, Callable[[Any, Names], str]] = {
    "rns": lambda value, _: f"RNS {value}" if value else "sans RNS",
    "support_centre": lambda value, names: (
        worded("{support_centre} ") + names.lycee(value)
        if value
        else worded("sans {support_centre}")
    ),
    "technicians": lambda value, _: (
        f"{terms().sector_technician.plural} selon le calendrier"
        if value is None
        else terms().sector_technician.counted(value)
    ),
    "experimental": lambda value, _: "expérimental" if value else "pas expérimental",
    "milestones": lambda value, _: (
        f"calendrier de {plural(len(value), 'date')}" if value else "sans calendrier propre"
    ),
    "note": lambda value, _: "note changée" if value else "note retirée",
}
