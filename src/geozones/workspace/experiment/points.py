"""Points to watch of the source document, each with the journal's figure for it."""

from dataclasses import dataclass

from geozones.common.french import NBSP, number, plural
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
            "Activités hors champ de compétences régionales, projets transversaux des lycées",
            "Le journal ne les distingue pas : demandez-les aux équipes.",
            None,
        ),
    )
    return tuple(sorted(points, key=lambda point: _RANK[point.alarming]))


_RANK = {True: 0, False: 1, None: 2}


def _presence(study: Study, seen: Observed) -> DocumentPoint:
    title = "Présence physique régulière des techniciens au sein des lycées"
    if not seen.gaps:
        return DocumentPoint(title, "Le journal ne donne pas les présences.", None)
    limit = study.settings.teams.gap_days
    late = [gap for gap in seen.gaps if gap.days > limit]
    longest = seen.gaps[0]
    presence = seen.estimates["presence"]
    shown = []
    if presence is not None:
        shown.append(f"{_estimate_text('presence', presence)} par lycée en moyenne")
    days = plural(longest.days, "jour ouvré", "jours ouvrés")
    many = f"{plural(len(late), 'lycée')} sur {number(len(seen.gaps))}"
    who = f"{many} {'est resté' if len(late) < 2 else 'sont restés'}" if late else _none(seen)
    shown.append(
        f"{who} plus de {plural(limit, 'jour ouvré', 'jours ouvrés')} de suite sans personne ; "
        "le plus long, "
        f"{study.name(longest.lycee)} : {days}"
    )
    return DocumentPoint(title, f"{' ; '.join(shown)}.", bool(late))


def _none(seen: Observed) -> str:
    many = len(seen.gaps)
    return "le lycée n'est pas resté" if many == 1 else f"aucun des {many} lycées n'est resté"


def _visits(study: Study, seen: Observed) -> DocumentPoint:
    title = "Zone de continuité : fréquence mensuelle à ajuster à l'issue de l'expérimentation"
    visits = seen.estimates["visits_per_month"]
    if visits is None or not visits.count:
        return DocumentPoint(title, "Le journal ne montre aucune visite.", None)
    supposed = as_supposed(study).settings.cost.visits_per_month
    figure = BY_KEY["visits_per_month"]
    sure = (figure.interval(visits), figure.count_text(visits.count, seen.days))
    shown = (
        f"Chaque T.I.P. a visité chaque autre lycée de sa zone, au rythme de "
        f"{figure.number_text(visits.value)} fois par mois "
        f"({' ; '.join(part for part in sure if part)} ; supposé : {number(supposed, 2)})."
    )
    return DocumentPoint(title, shown, not visits.holds(supposed) and visits.value < supposed)


def _continuity(seen: Observed) -> DocumentPoint:
    title = "Continuité de service en cas d'absence d'un T.I.P."
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
