"""Credits of the figures and the plan, in sentences, for every page and every export."""

from geozones.common.french import long_date, longer_than, number, of, plural
from geozones.domain import DecisionStatus, Provenance, TravelTimes
from geozones.domain.scenario import presented
from geozones.domain.terms import terms, worded
from geozones.domain.workload import Basis
from geozones.workspace.analysis import Analysis
from geozones.workspace.atlas import Atlas
from geozones.workspace.calendar import PLANNED, groups_text
from geozones.workspace.study import Study, estimated_pairs


def credits_of(study: Study) -> tuple[str, ...]:
    """Return the credits: figures kept, engines and dates of the times, estimates, sources."""
    analysis = study.analysis
    return (
        *_kept(study),
        f"Temps de trajet : {_engines(analysis)}, voiture, heures creuses ; {_estimates(study)}.",
        *_document(study.atlas),
        *_undecided(study),
        *_credit(worded("{Sites}"), study.atlas.credits.sites),
        *_pupils(study),
        *_credit("Durées des trajets", study.atlas.credits.minutes),
        *_credit("Communes", study.atlas.credits.communes),
        *_credit("Fond de carte", with_licence(study.atlas.ground.credit)),
    )


def _kept(study: Study) -> tuple[str, ...]:
    """Tell kept figures from those computed anew; empty for a plan that was not decided."""
    if study.kept is None:
        return ()
    if study.kept.recomputed:
        return (study.kept.sentence,)
    return (
        study.kept.sentence,
        "Points de vigilance et trajets listés : avec les durées d'aujourd'hui.",
    )


def _document(atlas: Atlas) -> tuple[str, ...]:
    """Credit the document that presents the sectors, and the names of zones, as far as known."""
    plan, names = atlas.starting_plan, atlas.source.get("zones", "")
    text = presented(plan.author, plan.occasion, plan.date)
    parts = (f"secteurs présentés {text}" if text else "", names)
    sentence = " ; ".join(part for part in parts if part)
    return (f"{sentence[0].upper()}{sentence[1:]}.",) if sentence else ()


def _pupils(study: Study) -> tuple[str, ...]:
    """Credit the numbers of pupils, and count the lycées with a known number."""
    lycees, site = study.territory.lycees.values(), terms().site
    sources = dict.fromkeys(lycee.pupils_source for lycee in lycees if lycee.pupils_source)
    typed = study.teams.sizes.get(Basis.PUPILS)
    if typed:
        sources |= {f"donné dans le scénario pour {site.counted(len(typed))}": None}
    known = [study.teams.size(lycee, Basis.PUPILS) is not None for lycee in lycees]
    if not any(known):
        return ()
    text = " ; ".join(sources) or "source non renseignée"
    given = f"{number(sum(known))} {site.plural} sur {number(len(known))}"
    return (f"{worded('{Sizes}')} : {text} ({given}).",)


def calendar_notes(study: Study) -> tuple[str, ...]:
    """Return the general notes on the calendar; empty without a calendar."""
    atlas = study.atlas
    if not atlas.calendar:
        return ()
    notes = (PLANNED, atlas.source.get("calendrier", ""), groups_text(study.plan))
    return tuple(note for note in notes if note)


def _undecided(study: Study) -> tuple[str, ...]:
    """Name the author of the sectors that the Région has not published, and the drafts' date."""
    statuses, lines = set(study.decisions.zones.values()), []
    if DecisionStatus.DRAFT in statuses:
        author, day = study.atlas.starting_plan.drafted_by, study.atlas.drafts.get("date")
        whose = f" {of(author)}" if author else ""
        when = f" du {long_date(day)}" if day else ""
        lines.append(
            f"Secteurs en brouillon : proposition{whose}{when}, noms et périmètres compris, "
            f"pas une décision {terms().organisation.of_the}."
        )
    if statuses & {DecisionStatus.PROPOSED, DecisionStatus.RETAINED}:
        lines.append(
            "Secteurs et zones proposés ou retenus : ceux du scénario, pas encore publiés par "
            f"{terms().organisation.the}."
        )
    return tuple(lines)


def _credit(what: str, credit: str) -> tuple[str, ...]:
    """Return the credit of some data, in a sentence; none where the folder gives none."""
    return (f"{what} : {credit.rstrip('.')}.",) if credit else ()


def with_licence(credit: str) -> str:
    """Return the credit of a map background, with the licence of what OpenStreetMap gave."""
    return f"{credit} (ODbL)" if "OpenStreetMap" in credit and "ODbL" not in credit else credit


def _engines(analysis: Analysis) -> str:
    """Name the engines, with their shares if there are several."""
    made = [(maker, count) for maker, count in analysis.times.pairs_by_maker if count]
    if len(made) < 2:
        return _named(made[0][0] if made else analysis.times.provenance)
    return " ; ".join(f"{_named(maker)} pour {number(count)} trajets" for maker, count in made)


def _named(maker: Provenance) -> str:
    return f"{maker.label}, {long_date(maker.date)}"


def _estimates(study: Study) -> str:
    """Count the estimated drives: between colleagues of a zone, then all of them."""
    times, guessed = study.times, study.times.estimated_pairs
    if times.beyond_pairs:
        return f"{_estimated(study)} ; {number(times.beyond_pairs)} trajets de {_longer(times)}"
    return _estimated(study) if guessed else "aucun trajet estimé"


def _longer(times: TravelTimes) -> str:
    """Tell of the drives that the matrix does not hold."""
    return f"{longer_than(times.within or 0)} ne sont pas calculés, mais estimés"


def _estimated(study: Study) -> str:
    times, guessed = study.times, study.times.estimated_pairs
    near, pairs = estimated_pairs(study, [zone.id for zone in study.plan.zones])
    known = sum(count for _, count in times.pairs_by_maker)
    return (
        f"estimés (*) : {plural(near, 'trajet')} sur {number(pairs)} entre collègues, "
        f"{number(guessed)} sur {number(known)} entre {terms().site.plural}"
    )
