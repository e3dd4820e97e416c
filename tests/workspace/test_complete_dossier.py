"""A dossier holds values only: a format reads it, in another process if need be."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from geozones.export import Dossier
from geozones.metrics import Metric
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_plan


def parts_of(value: object) -> Iterator[object]:
    """Yield a value and all that it holds; a metric is a constant, named rather than held."""
    yield value
    if isinstance(value, Metric):
        return
    held: list[object] = []
    if is_dataclass(value) and not isinstance(value, type):
        held = [getattr(value, each.name) for each in fields(value)]
    elif isinstance(value, Mapping):
        held = [*value.keys(), *value.values()]
    elif isinstance(value, tuple | list | frozenset | set):
        held = [*value]
    for part in held:
        yield from parts_of(part)


def test_a_dossier_holds_neither_a_function_nor_a_study(toy: Study) -> None:
    moved = of_plan(toy.with_plan(toy.plan.move("D", "S1")), "essai.json")
    made = dossier(moved, ExportView("before-after"))
    assert isinstance(made, Dossier)
    assert made.comparison is not None
    parts = list(parts_of(made))
    assert len(parts) > 500
    assert not [part for part in parts if callable(part)]
    assert not [part for part in parts if type(part).__module__.startswith("geozones.workspace")]
