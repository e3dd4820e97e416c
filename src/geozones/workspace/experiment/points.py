"""Points to watch of the source document, each with the journal's figure for it."""

from dataclasses import dataclass

from geozones.common.french import NBSP, number, plural
from geozones.domain.terms import terms, worded
from geozones.experiment.estimates import Estimate
from geozones.experiment.observed import Observed, Observer
from geozones.experiment.observed_figures import BY_KEY
from geozones.workspace.experiment.areas import Area, as_supposed
from geozones.workspace.study import Study


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
