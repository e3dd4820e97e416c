"""Findings of a bilan: figures outside their expectation, and points to watch of the document."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geozones.common.french import NBSP, in_words, number, plural
from geozones.domain.field_journal import OUTSIDE, BilanVerdict
from geozones.domain.terms import terms, worded
from geozones.experiment.estimates import Estimate
from geozones.experiment.observed import Observed, Observer
from geozones.experiment.observed_figures import BY_KEY, FIGURES, ObservedFigure, verdict_of
from geozones.workspace.experiment.areas import Area, as_supposed
from geozones.workspace.study import Study

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


@dataclass(frozen=True, slots=True)
class DocumentPoint:
    """A point of the document in its words, the journal's figure, and whether it is alarming.

    ``alarming`` is ``None`` if the journal has no data about the point.
    """

    title: str
    shown: str
    alarming: bool | None


def document_points(
    study: Study, watched: Observer, area: Area, seen: Observed
) -> tuple[DocumentPoint, ...]:
    """Return the points, the alarming ones first, the unknown ones last."""
    points = (
        _presence(study, seen),
        _visits(study, seen),
        _continuity(seen),
        _ticketing(watched, area),
        DocumentPoint(
            "Intérêt de la fonction ATI au sein de la communauté éducative",
            "Le journal ne mesure pas ce point : lisez les avis et commentaires reçus.",
            None,
        ),
        DocumentPoint(
            "Activités hors champ de compétences régionales, projets transversaux des "
            + terms().site.plural,
            "Le journal ne les distingue pas : demandez-les aux équipes.",
            None,
        ),
    )
    return tuple(sorted(points, key=lambda point: _RANK[point.alarming]))


_RANK = {True: 0, False: 1, None: 2}


def _presence(study: Study, seen: Observed) -> DocumentPoint:
    title = worded("Présence physique régulière des {technicians} au sein des {sites}")
    if not seen.gaps:
        return DocumentPoint(title, "Le journal ne donne pas les présences.", None)
    limit = study.settings.teams.gap_days
    late = [gap for gap in seen.gaps if gap.days > limit]
    longest = seen.gaps[0]
    presence = seen.estimates["presence"]
    shown = []
    if presence is not None:
        shown.append(f"{_estimate_text('presence', presence)} par {terms().site} en moyenne")
    days = plural(longest.days, "jour ouvré", "jours ouvrés")
    many = f"{terms().site.counted(len(late))} sur {number(len(seen.gaps))}"
    stayed = _stayed(len(late))
    who = f"{many} {stayed}" if late else _none(seen)
    shown.append(
        f"{who} plus de {plural(limit, 'jour ouvré', 'jours ouvrés')} de suite sans personne ; "
        "le plus long, "
        f"{study.name(longest.lycee)} : {days}"
    )
    return DocumentPoint(title, f"{' ; '.join(shown)}.", bool(late))


def _none(seen: Observed) -> str:
    many = len(seen.gaps)
    site = terms().site
    if many == 1:
        return f"{site.the} n'est pas resté{site.e}"
    return f"aucun{site.e} des {many} {site.plural} n'est resté{site.e}"


def _stayed(count: int) -> str:
    e = terms().site.e
    return f"est resté{e}" if count < 2 else f"sont resté{e}s"


def _visits(study: Study, seen: Observed) -> DocumentPoint:
    title = "Zone de continuité : fréquence mensuelle à ajuster à l'issue de l'expérimentation"
    visits = seen.estimates["visits_per_month"]
    if visits is None or not visits.count:
        return DocumentPoint(title, "Le journal ne montre aucune visite.", None)
    supposed = as_supposed(study).settings.cost.visits_per_month
    figure = BY_KEY["visits_per_month"]
    sure = (figure.interval(visits), figure.count_text(visits.count, seen.days))
    who, whom = terms().proximity_technician, terms().site
    shown = (
        f"Chaque {who} a visité chaque autre {whom} de sa zone, au rythme de "
        f"{figure.number_text(visits.value)} fois par mois "
        f"({' ; '.join(part for part in sure if part)} ; supposé : {number(supposed, 2)})."
    )
    return DocumentPoint(title, shown, not visits.holds(supposed) and visits.value < supposed)


def _continuity(seen: Observed) -> DocumentPoint:
    title = worded("Continuité de service en cas d'absence {of_a_proximity_technician}")
    share = seen.estimates["cover_share"]
    if share is None:
        return DocumentPoint(title, "Le journal ne montre aucune absence à relever.", None)
    shown = f"{_estimate_text('cover_share', share)} des demi-journées manquées ont été relevées"
    delay = seen.estimates["cover_minutes"]
    if delay is not None:
        shown += f", en {number(delay.value)}{NBSP}min de trajet en moyenne"
    # without an interval nothing is certain, so any uncovered half-day counts as alarming
    return DocumentPoint(title, f"{shown}.", share.value < 1)


def _ticketing(watched: Observer, area: Area) -> DocumentPoint:
    title = "Maîtrise de l'outil de gestion des demandes (« ticketing »)"
    lycees = frozenset(area.lycees)
    done = watched.work(lycees)
    if not done.asked:
        return DocumentPoint(title, "Le journal ne montre aucune demande.", None)

    def share(count: int) -> str:
        return f"{number(100 * count / done.asked)}{NBSP}%"

    shown = (
        f"Sur {plural(done.asked, 'demande')}, {share(done.tickets)} ont un numéro de ticket, "
        f"{share(done.graded)} un niveau, {share(done.timed)} une durée."
    )
    least = min(done.tickets, done.graded, done.timed)
    return DocumentPoint(title, shown, least < 0.9 * done.asked)


def _estimate_text(key: str, estimate: Estimate) -> str:
    figure = BY_KEY[key]
    interval = figure.interval(estimate)
    sure = f" ({interval} ; {figure.count_text(estimate.count)})" if interval else ""
    return f"{figure.value_text(estimate.value)}{sure}"
