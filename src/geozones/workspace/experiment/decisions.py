"""Decisions that a bilan asks for: hypotheses that the journal contradicts, and their effect."""

from collections.abc import Mapping

from geozones.common.french import NBSP, number, plural
from geozones.domain.adopted_hypotheses import ADOPTABLE, AdoptedHypotheses, Observation
from geozones.domain.terms import terms, worded
from geozones.experiment.observed import Observer
from geozones.workspace.experiment.areas import (
    Area,
    area_costs,
    as_supposed,
    recorded,
    whole,
)
from geozones.workspace.experiment.hypotheses import (
    OF_SETTING,
    HypothesisRow,
    drive_groups,
    hypothesis_rows,
    with_adopted,
)
from geozones.workspace.study import Study

#: What a hypothesis is of, after « Porter » or « Ramener », for `worded`.
_SUBJECTS: Mapping[str, str] = {
    "visits_per_month": "les visites de continuité",
    "absence_rate": "le taux d'absence prévu",
    "absence_days": "la durée prévue d'une absence",
    "tis_visits": "les visites {of_sector_technician} par {site}",
    "tis_minutes": "la durée prévue d'une visite {of_sector_technician}",
}


def decisions_of(study: Study, watched: Observer, area: Area) -> tuple[str, ...]:
    """Return a sentence for each hypothesis that the interval of the whole journal excludes.

    Each has its effect on the yearly hours of an area, all other hypotheses as supposed; the
    largest effect on the cost is first.
    """
    supposed = as_supposed(study)
    estimates = watched.observe(whole(study, watched).lycees).estimates
    before = _hours(supposed, area, watched)
    decided = []
    for row in hypothesis_rows(study, watched):
        if row.event is None:
            continue
        if row.name == "drives":
            factor = watched.factors.whole
            if factor is None or factor.holds(1.0):
                continue
            text = _drives(factor.value, len(drive_groups(study, watched)))
        else:
            estimate, hoped = estimates[OF_SETTING[row.name].key], _default(supposed, row.name)
            if estimate is None or estimate.holds(hoped):
                continue
            text = _setting(row.name, hoped, estimate.value)
        after = _hours(with_adopted(supposed, _adopting(study, watched, row)), area, watched)
        more = tuple(late - early for early, late in zip(before, after, strict=True))
        decided.append((more, f"{text} : {_effect(more)}."))
    decided.sort(key=lambda one: [-abs(hours) for hours in one[0]])
    return tuple(sentence for _, sentence in decided)


def _default(study: Study, name: str) -> float:
    value: float = getattr(getattr(study.settings, ADOPTABLE[name][0]), name)
    return value


def _setting(name: str, hoped: float, value: float) -> str:
    figure = OF_SETTING[name]
    verb = "Porter" if value > hoped else "Ramener"
    return (
        f"{verb} {worded(_SUBJECTS[name])} de {figure.number_text(hoped)} à "
        f"{figure.value_text(value)}"
    )


def _drives(factor: float, zones: int) -> str:
    short = "courtes" if factor > 1 else "longues"
    percent = f"{number(100 * abs(factor - 1))}{NBSP}%"
    where = plural(zones, "zone")
    return f"Corriger les durées calculées, trop {short} de {percent}, dans {where}"


def _adopting(study: Study, watched: Observer, row: HypothesisRow) -> AdoptedHypotheses:
    if row.name == "drives":
        return AdoptedHypotheses(drives=drive_groups(study, watched))
    assert row.event is not None  # noqa: S101 - the caller looked
    observed = Observation(**row.event[1]["observed"])
    return AdoptedHypotheses({row.name: observed})


def _hours(study: Study, area: Area, watched: Observer) -> tuple[int, int]:
    """Return the yearly hours of the cost, and those of T.I.S., which it does not count."""
    costs = area_costs(study, area, recorded(study, watched))
    hours = sum(cost.total_hours for cost in costs), sum(cost.tis_hours for cost in costs)
    return round(hours[0]), round(hours[1])


def _effect(more: tuple[int, ...]) -> str:
    """Say which hours change; those of T.I.S. where the cost does not."""
    whose = ("", f" de route {terms().sector_technician.of}")
    for hours, of_whom in zip(more, whose, strict=True):
        if hours:
            way = "de plus" if hours > 0 else "de moins"
            return f"{number(abs(hours))}{NBSP}h{of_whom} {way} par an"
    return "sans effet sur le coût annuel"
