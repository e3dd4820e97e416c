"""Events that change the needs of lycées, and the rule of needs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self, override

from geozones.common.errors import InputError
from geozones.common.french import listing, plural
from geozones.domain.events import footprint as fp
from geozones.domain.events.change import Data, EventChange, Names, name_text, one_line, text
from geozones.domain.events.footprint import Footprint, footprint
from geozones.domain.events.scenario_state import State
from geozones.domain.terms import terms
from geozones.domain.workload import (
    Basis,
    WorkloadRule,
    checked_need,
    checked_per_half_day,
    checked_site,
    checked_size,
)

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
        for lycee in self.needs:
            state.plan.zone_of(lycee)  # raises if the plan has no such lycée
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
        return f"Besoins, {', '.join(phrases)}{f', et {left} autres' if left > 0 else ''}"


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
        for lycee in self.sizes:
            state.plan.zone_of(lycee)  # raises if the plan has no such lycée
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
        lycees = [fp.lycee(lycee) for lycee in self.sizes]
        return footprint([*lycees, _RULE], sizes if same else [*sizes, _RULE])

    @override
    def describe(self, names: Names) -> str:
        count = terms().site.counted(len(self.sizes))
        return f"Besoins d'après les {self.basis.label} de {count}"


def _basis(value: object) -> Basis:
    if not isinstance(value, str) or value not in set(Basis):
        msg = f"Les besoins sont calculés d'après {listing(list(Basis), 'ou')}."
        raise InputError(msg)
    return Basis(value)


def _counted(value: object) -> Basis:
    basis = _basis(value)
    if basis is Basis.TYPE:
        msg = f"Indiquez un nombre {terms().size.of_plural}, de postes ou de tickets."
        raise InputError(msg)
    return basis
