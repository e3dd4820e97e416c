"""Sentences on the counts of a bilan: what is counted, and where two counts differ."""

from geozones.common.french import NBSP, listing, number, plural
from geozones.experiment.facts import MONTH_DAYS
from geozones.experiment.observed import Observer
from geozones.workspace.experiment.areas import Area

#: How a rate by month is computed.
RATE_NOTE = (
    f"Un rythme par mois est calculé pour {MONTH_DAYS}{NBSP}jours ouvrés, d'après ceux du "
    "journal ; les tableaux donnent le nombre de demandes."
)


def counts_of(watched: Observer, area: Area) -> tuple[str, ...]:
    """Return the sentences of an area; the whole also has the requests of no known lycée."""
    work = watched.work(frozenset(area.lycees))
    sentences = [_requests(watched, area)]
    if work.presences:
        present = plural(work.presences, "ligne de présence", "lignes de présence")
        sentences.append(
            f"{present} (jour fixe, visite ou relève sans ticket) : ce ne sont pas des demandes."
        )
    return tuple(sentence for sentence in sentences if sentence)


def _requests(watched: Observer, area: Area) -> str:
    """Return the number of requests and, for the whole, how many are of no lycée of the plan."""
    counted = watched.work(frozenset(area.lycees)).asked
    total = watched.work(None).asked if area.kind == "region" else counted
    if not total:
        return ""
    nowhere = watched.work(frozenset({""})).asked if total > counted else 0
    outside = total - counted - nowhere
    apart = []
    if nowhere:
        apart.append(f"{number(nowhere)} sans lycée reconnu")
    if outside:
        apart.append(f"{number(outside)} d'un lycée hors du plan")
    left = f", dont {listing(apart)} : les tableaux en comptent {number(counted)}" if apart else ""
    return f"{plural(total, 'demande')}{left}."
