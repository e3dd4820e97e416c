"""Figures kept with a publication or a frozen version, and the method and day of their making."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Any

from geozones.common.french import long_date
from geozones.domain.yearly_cost import METHOD

#: Area of the whole region in a kept document; a sector and a zone are ``sector:ID``, ``zone:ID``.
_REGION = "region"
#: Text of an infinite number in a kept document: JSON has none.
_INFINITE = "inf"


@dataclass(frozen=True, slots=True)
class KeptFigures:
    """Figures of a decided plan: those kept with it, or today's where none can be shown.

    Parameters
    ----------
    day
        Day of the making (ISO); ``today`` if nothing kept can be shown.
    today
        Day on which the plan was opened (ISO).
    areas
        Kept figures by area; empty if the plan has none, or another method made them.
    base
        Kept figures by area of the plan that it started from.
    """

    day: str
    today: str
    areas: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)
    base: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)

    @property
    def recomputed(self) -> bool:
        """Whether the figures shown are computed today."""
        return not self.areas

    @property
    def sentence(self) -> str:
        """Sentence on the figures shown: their day and method, « recalculés » if not kept."""
        made = "recalculés" if self.recomputed else "conservés : calculés"
        return f"Chiffres {made} le {long_date(self.day)} avec la méthode {METHOD}."

    def to_json(self) -> dict[str, Any]:
        """Return the day and the method of the figures shown, and whether they are kept."""
        return {"day": self.day, "method": METHOD, "recomputed": self.recomputed}

    def metrics(self, sector: str | None = None, zone: str | None = None) -> Mapping[str, Any]:
        """Return the kept metrics of the narrowest given of zone, sector (ids), region, by key."""
        return self._kept("metrics", sector, zone)

    def cost(self, sector: str | None = None, zone: str | None = None) -> Mapping[str, Any]:
        """Return the kept yearly cost of such an area, as ``geozones cost`` gives it."""
        return self._kept("cost", sector, zone)

    def _kept(self, kind: str, sector: str | None, zone: str | None) -> Mapping[str, Any]:
        entry = self.areas.get(area_key(sector, zone))
        found = entry.get(kind) if isinstance(entry, Mapping) else None
        return _restored(found) if isinstance(found, Mapping) else {}

    def of_base(self) -> "KeptFigures":
        """Return the figures of the plan that it started from, made at the same time."""
        return KeptFigures(self.day, self.today, self.base)

    def recomputed_today(self) -> "KeptFigures":
        """Return the notice of figures computed today instead."""
        return KeptFigures(self.today, self.today)


def area_key(sector: str | None = None, zone: str | None = None) -> str:
    """Return the key of the narrowest given of zone, sector (ids), region in a kept document."""
    if zone is not None:
        return f"zone:{zone}"
    return _REGION if sector is None else f"sector:{sector}"


def kept_document(day: str, areas: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON object to keep with a plan: its figures, and those of its base."""
    document: dict[str, Any] = _plain({"method": METHOD, "day": day, "areas": areas, "base": base})
    return document


def read_kept(document: Mapping[str, Any], today: str) -> KeptFigures:
    """Return the figures of a kept document; today's for an empty one or another method."""
    areas, base, day = (document.get(name) for name in ("areas", "base", "day"))
    same = document.get("method") == METHOD and isinstance(day, str)
    if not (same and isinstance(areas, Mapping) and isinstance(base, Mapping)):
        return KeptFigures(today, today)
    return KeptFigures(str(day), today, areas, base)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any figure
    """Return a figure as a JSON value."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return _INFINITE
    return value


def _restored(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return the figure that a JSON value stands for."""
    if isinstance(value, Mapping):
        return {key: _restored(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_restored(item) for item in value)
    return inf if value == _INFINITE else value
