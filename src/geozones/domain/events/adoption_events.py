"""Events that adopt hypotheses and drive corrections from a journal, or drop them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self, override

from geozones.common.days import is_day
from geozones.common.errors import InputError
from geozones.common.french import listing, number, plural
from geozones.domain.adopted_hypotheses import ADOPTABLE, Observation
from geozones.domain.events.change import Data, EventChange, Names, text
from geozones.domain.events.footprint import Footprint, footprint
from geozones.domain.events.scenario_state import State
from geozones.domain.settings import DriveCorrection
from geozones.domain.terms import worded

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
            msg = f"Une hypothèse observée est {listing(list(ADOPTABLE), 'ou')}."
            raise InputError(msg)
        if data["observed"] is None:
            return cls(name, None)
        observed = _observed(data["observed"])
        _, low, high, label = ADOPTABLE[name]
        if not low <= observed.value <= high:
            msg = f"Hypothèse « {worded(label)} » : {number(low, 1)} à {number(high, 1)}."
            raise InputError(msg)
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
        msg = "Une valeur observée est dans son intervalle."
        raise InputError(msg)
    return Observation(value, low, high, *_counted(data))


def _correction(data: Mapping[str, Any]) -> DriveCorrection:
    factor, low, high = (_figure(data[name]) for name in ("factor", "low", "high"))
    least, most = FACTORS
    if not least <= factor <= most:
        msg = f"Un trajet est corrigé d'un facteur de {number(least, 1)} à {number(most, 1)}."
        raise InputError(msg)
    lycees = frozenset(text(lycee) for lycee in data["lycees"])
    return DriveCorrection(lycees, factor, low, high, *_counted(data))


def _counted(data: Mapping[str, Any]) -> tuple[int, str, str, bool]:
    count, first, last = data["count"], text(data["first"]), text(data["last"])
    if type(count) is not int or count < 1 or not is_day(first) or not is_day(last):
        msg = "Une observation a un nombre, et une période."
        raise InputError(msg)
    return count, first, last, bool(data.get("invented"))


def _figure(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
        msg = "Une valeur observée est un nombre, 0 ou plus."
        raise InputError(msg)
    return float(value)
