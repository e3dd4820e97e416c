"""What the posts of a plan stand: covers of every single absence, and of every pair.

Nobody having defined a post, each figure is ``None`` (« non renseigné »), never 0.
"""

from collections.abc import Callable

from geozones.domain.cover import CoverFigures
from geozones.metrics.record import AreaView, Metric, Value, ZoneView

type Read = Callable[[CoverFigures], Value]

_HALF_DAYS = "demi-journées"


def _of_zone(kind: str, read: Read) -> Callable[[ZoneView], Value]:
    def value(zone: ZoneView) -> Value:
        found: CoverFigures | None = getattr(zone, kind)
        return None if found is None else read(found)

    return value


def _of_area(kind: str, read: Read) -> Callable[[AreaView], Value]:
    def value(area: AreaView) -> Value:
        found: CoverFigures | None = getattr(area, kind)
        return None if found is None else read(found)

    return value


def _percent(figures: CoverFigures) -> Value:
    return None if figures.near is None else 100 * figures.near


def _metrics(prefix: str, kind: str, what: str) -> tuple[Metric, ...]:
    rows: tuple[tuple[str, str, str, Read, bool], ...] = (
        ("cover_median_minutes", "Délai médian de relève", "min", lambda f: f.median, True),
        ("cover_p90_minutes", "Délai de relève, 9 fois sur 10", "min", lambda f: f.p90, True),
        ("cover_near_share", "Relèves rapides", "%", _percent, False),
        ("uncovered", "Demi-journées sans relève", _HALF_DAYS, lambda f: f.uncovered, True),
    )
    return tuple(
        Metric(
            f"{prefix}{key}",
            f"{label} ({what})",
            unit,
            of_zone=_of_zone(kind, read),
            of_area=_of_area(kind, read),
            lower_is_better=lower,
        )
        for key, label, unit, read, lower in rows
    )


def _total(area: AreaView, count: Callable[[ZoneView], int]) -> Value:
    views = [view for _, view, _ in area.zones if view.cover is not None]
    return sum(count(view) for view in views) if views else None


def _posts(zone: ZoneView) -> int:
    return 0 if zone.cover is None else len(zone.cover.posts)


def _unmet(zone: ZoneView) -> int:
    return 0 if zone.cover is None else zone.cover.unmet


METRICS = (
    Metric(
        "posts",
        "Postes de T.I.P.",
        "",
        of_zone=lambda zone: None if zone.cover is None else _posts(zone),
        of_area=lambda area: _total(area, _posts),
    ),
    Metric(
        "unmet",
        "Besoins sans poste",
        _HALF_DAYS,
        of_zone=lambda zone: None if zone.cover is None else _unmet(zone),
        of_area=lambda area: _total(area, _unmet),
        lower_is_better=True,
    ),
    *_metrics("", "single_cover", "une absence"),
    *_metrics("pair_", "pair_cover", "deux absences"),
    Metric(
        "single_points",
        "Points de fragilité",
        "",
        of_zone=lambda zone: None if zone.cover is None else zone.cover.single_points,
        of_area=lambda area: (
            tuple(point for cover in area.covers for point in cover.single_points)
            if area.covers
            else None
        ),
    ),
)
