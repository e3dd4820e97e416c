"""Needs and sizes of lycées from a file, recorded in a scenario by events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geozones.domain.events import State, read_change
from geozones.domain.workload import DEFAULT_PUPILS, Basis, fitted_per_half_day
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.territory import Territory

if TYPE_CHECKING:
    from geozones.intake.site_tables import NeedsFile


@dataclass(frozen=True)
class NeedsChange:
    """An event to record: its kind and its data."""

    kind: str
    data: dict[str, Any]


def read_needs(
    territory: Territory, content: bytes, corrections: Mapping[str, str] | None = None
) -> "NeedsFile":
    """Read a table of needs or sizes, from CSV or a spreadsheet; raises ``InputError``."""
    from geozones.intake.site_tables import read_needs_file  # noqa: PLC0415 - seldom used

    return read_needs_file(content, territory.lycees, corrections)


def needs_changes(study: Study, file: "NeedsFile") -> tuple[NeedsChange, ...]:
    """Return the events that record a file in the scenario of a study, in their order.

    The weight of workstations and tickets is fitted so that the half-days a week of their lycées
    stay the same in total, without lycées that have a need of their own. Pupils keep the rule's own
    value.
    """
    changes, state = [], study.state
    if file.needs:
        changes.append(NeedsChange("set_needs", {"needs": file.needs}))
        state = _applied(state, changes)
    if file.basis is not None and file.sizes:
        basis = file.basis
        sizes = file.sizes
        rule = state.teams.rule
        kept = rule.per_half_day.get(basis, DEFAULT_PUPILS)
        if basis is Basis.PUPILS:
            worth = kept
        else:
            lycees = study.territory.lycees
            free = [key for key in sizes if key not in state.teams.needs]
            total = sum(state.teams.need(lycees[key]).half_days for key in free)
            if not any(sizes[key] for key in free):
                worth = kept
            else:
                worth = fitted_per_half_day(
                    [sizes[key] for key in free], rule.site_half_days, total
                )
        data = {"basis": file.basis.value, "sizes": file.sizes, "per_half_day": worth}
        changes.append(NeedsChange("set_sizes", data))
    return tuple(changes)


def with_needs(study: Study, changes: Sequence[NeedsChange]) -> Study:
    """Return a study after some events of its scenario; raises as they do."""
    return study.with_teams(_applied(study.state, changes).teams)


def _applied(state: State, changes: Sequence[NeedsChange]) -> State:
    for change in changes:
        state = read_change(change.kind, change.data).apply(state)
    return state
