"""A new kind of event is one class and one line in the registry: nothing else has to know it."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Self, override

import pytest

from geozones.common.errors import InputError
from geozones.domain.events import KINDS, EventChange, Names, State
from geozones.domain.events.change import Footprint, footprint, sector_field, text
from geozones.domain.plan import plan_of
from geozones.store import Store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import Actor, Role
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.service import Scenarios


@dataclass(frozen=True, slots=True)
class SetLeader(EventChange):
    """A sector gets another RNS: ``{"sector", "rns"}``."""

    kind: ClassVar[str] = "set_leader"
    sector: str
    rns: str

    @classmethod
    @override
    def read(cls, data: Any) -> Self:
        return cls(text(data["sector"]), text(data["rns"]))

    @override
    def apply(self, state: State) -> State:
        before = state.plan.sector(self.sector)
        sectors = tuple(
            replace(sector, rns=self.rns) if sector is before else sector
            for sector in state.plan.sectors
        )
        return replace(state, plan=plan_of(sectors, state.plan.zones, state.plan.zone_by_lycee))

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint(writes=[sector_field(self.sector, "rns")])

    @override
    def describe(self, names: Names) -> str:
        return f"{names.sector(self.sector)} : {self.rns}"


def test_a_new_kind_is_recorded_stored_undone_described_and_given_in_a_file(
    toy: Study, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, SetLeader.kind, SetLeader)
    service = Scenarios(toy.analysis, lambda: store, Actor("Ada", Role.PLANNER))
    work = service.record(service.new(), "set_leader", {"sector": "sud", "rns": "Emmy Noether"})
    again = service.open(work.scenario.id)
    assert again.plan.sector("sud").rns == "Emmy Noether"
    assert describe_event(toy.territory, again, again.timeline.path[0]) == "Sud : Emmy Noether"
    taken = service.import_(json.dumps(service.export(again)).encode())
    assert taken.plan == again.plan
    assert service.step(taken, "undo").plan == toy.plan


def test_a_history_never_stops_at_an_event_of_later_code(
    toy: Study, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saved there, the scenario could not be opened again."""
    service = Scenarios(toy.analysis, lambda: store, Actor("Ada", Role.PLANNER))
    with monkeypatch.context() as later:
        later.setitem(KINDS, SetLeader.kind, SetLeader)
        work = service.record(service.new(), "set_leader", {"sector": "sud", "rns": "Emmy Noether"})
        work = service.step(work, "undo")
    opened = service.open(work.scenario.id)
    (event,) = opened.timeline.events
    for gone_to in (
        lambda: service.jump(opened, event.id),
        lambda: service.step(opened, "redo"),
    ):
        with pytest.raises(InputError, match=r"\(set_leader\) ne peut pas être lu"):
            gone_to()
    assert service.open(work.scenario.id).timeline.head is None


def test_a_store_with_a_kind_of_later_code_lists_and_saves_it_but_does_not_open_it(
    toy: Study, store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    service = Scenarios(toy.analysis, lambda: store, Actor("Ada", Role.PLANNER))
    with monkeypatch.context() as later:
        later.setitem(KINDS, SetLeader.kind, SetLeader)
        work = service.record(service.new(), "set_leader", {"sector": "sud", "rns": "Emmy Noether"})
    assert [line.id for line in service.list()] == [work.scenario.id]
    assert store.backup(tmp_path / "backup.json").events == 1
    with pytest.raises(InputError, match=r"\(set_leader\) ne peut pas être lu"):
        service.open(work.scenario.id)
