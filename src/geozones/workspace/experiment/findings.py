"""Findings of a bilan: the observed figures outside their expectation, in sentences."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geozones.common.french import NBSP, in_words, number, plural
from geozones.domain.bilan_line import OUTSIDE, BilanVerdict
from geozones.domain.terms import worded
from geozones.experiment.bilan_lines import verdict_of
from geozones.experiment.estimates import Estimate
from geozones.experiment.observed import Observed
from geozones.experiment.observed_figures import FIGURES, ObservedFigure

#: Events that were expected at a rate: their name, then the unit of the rate; for `worded`.
_EVENTS: Mapping[str, tuple[str, str, str]] = {
    "visits_per_month": ("visite de continuité", "visites de continuité", "par mois"),
    "tis_visits": (
        "visite {of_sector_technician}",
        "visites {of_sector_technician}",
        "par mois et par {site}",
    ),
}
#: Other figures: a sentence that the value ends, for `worded`.
_VALUES: Mapping[str, str] = {
    "presence": "En moyenne, {a_site} a eu",
    "absence_rate": "Les absences ont pris",
    "absence_days": "Une absence a duré en moyenne",
    "cover_minutes": "La relève a fait un trajet moyen de",
    "tis_minutes": "Une visite {of_sector_technician} a duré en moyenne",
}
#: Words after the value, before what was expected.
_AFTER = {
    "presence": "demi-journées de présence par semaine",
    "absence_rate": "% des jours de travail",
}
#: Shares that are told in words, « un sur trois », where they are near enough.
_SHARES = (
    (1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (2, 5), (3, 5), (4, 5), (1, 6), (1, 8), (1, 10),
)  # fmt: skip
_NEAR = 0.02


@dataclass(frozen=True, slots=True)
class BilanFinding:
    """Observed figure outside its expectation.

    ``gap`` is the natural logarithm of the least ratio between both that the interval allows: how
    telling the finding is. ``text`` has no full stop.
    """

    key: str
    text: str
    gap: float


def findings_of(seen: Observed, expects: Mapping[str, float]) -> tuple[BilanFinding, ...]:
    """Return the findings, the most telling first."""
    found = [
        BilanFinding(figure.key, _text(figure, estimate, hoped), _gap(estimate, hoped))
        for figure in FIGURES
        if (estimate := seen.estimates[figure.key]) is not None
        and (hoped := expects.get(figure.key)) is not None
        and verdict_of(figure, estimate, hoped, seen.days) in OUTSIDE
    ]
    return tuple(sorted(found, key=lambda finding: -finding.gap))


def plain_title(verdicts: Sequence[BilanVerdict]) -> str:
    """Return the title of a bilan without finding, from the verdicts on its figures."""
    known = verdicts.count(BilanVerdict.AS_EXPECTED)
    unsure = verdicts.count(BilanVerdict.UNSURE)
    if not known:
        return "Trop peu d'observations pour juger ce qui était prévu"
    if unsure:
        compared = plural(known, "chiffre conforme", "chiffres conformes")
        left = plural(unsure, "encore trop peu observé", "encore trop peu observés")
        return f"{compared} à ce qui était prévu, {left}"
    return "Tout se passe comme prévu"


def _gap(estimate: Estimate, hoped: float) -> float:
    near = estimate.low if estimate.value > hoped else estimate.high
    return abs(math.log(near / hoped)) if near and hoped > 0 else math.inf


def _text(figure: ObservedFigure, estimate: Estimate, hoped: float) -> str:
    value = estimate.value
    if figure.key in _EVENTS:
        return _events(figure, value, hoped)
    if figure.key == "drive_ratio":
        more = "de plus" if value > 1 else "de moins"
        return f"Les trajets ont duré {_percent(abs(value - 1))} {more} que les durées calculées"
    if figure.key == "cover_share":
        return _covered(value, hoped)
    begun = worded(_VALUES[figure.key])
    unit = _AFTER.get(figure.key, figure.unit)
    shown = f"{figure.number_text(value)}{NBSP}{unit}"
    return f"{begun} {shown}, au lieu de {figure.number_text(hoped)}"


def _events(figure: ObservedFigure, value: float, hoped: float) -> str:
    one, many, unit = map(worded, _EVENTS[figure.key])
    shown = f"{figure.number_text(value)} {unit}, au lieu de {figure.number_text(hoped)}"
    if value > hoped:
        return f"{_percent(value / hoped - 1)} de {many} de plus que prévu : {shown}"
    if not value:
        return f"Aucune {one} n'a eu lieu, au lieu de {figure.number_text(hoped)} {unit}"
    told = _share(1 - value / hoped, (one, many), ("n'a pas eu lieu", "n'ont pas eu lieu"))
    return f"{told} : {shown}"


def _covered(value: float, hoped: float) -> str:
    nouns = ("demi-journée d'absence", "demi-journées d'absence")
    if value > hoped:
        return f"{_percent(value)} des {nouns[1]} ont été relevées, au lieu de {_percent(hoped)}"
    told = _share(1 - value, nouns, ("n'a pas été relevée", "n'ont pas été relevées"))
    return f"{told}, au lieu de {_percent(1 - hoped)}"


def _share(share: float, nouns: tuple[str, str], verbs: tuple[str, str]) -> str:
    """Tell a share of events: « Une visite sur trois n'a pas eu lieu »."""
    part, whole = min(_SHARES, key=lambda pair: abs(share - pair[0] / pair[1]))
    if abs(share - part / whole) > _NEAR:
        return f"{_percent(share)} des {nouns[1]} {verbs[1]}"
    rank = int(part > 1)
    count = in_words(part, feminine=True).capitalize()
    return f"{count} {nouns[rank]} sur {in_words(whole)} {verbs[rank]}"


def _percent(share: float) -> str:
    return f"{number(100 * share)}{NBSP}%"
