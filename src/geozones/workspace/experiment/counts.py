"""Sentences on the counts of a bilan: what is counted, and where two counts differ."""

from collections.abc import Mapping

from geozones.common.french import NBSP, listing, number, plural
from geozones.domain.terms import terms, worded
from geozones.experiment.estimates import Estimate
from geozones.experiment.facts import MONTH_DAYS
from geozones.experiment.observed import Observer
from geozones.experiment.observed_figures import BY_KEY
from geozones.workspace.experiment.areas import Area

#: How a rate by month is computed.
RATE_NOTE = (
    f"Un rythme par mois est calculé pour {MONTH_DAYS}{NBSP}jours ouvrés, d'après ceux du "
    "journal ; les tableaux donnent le nombre de demandes."
)


def counts_of(watched: Observer, area: Area) -> tuple[str, ...]:
    """Return the sentences of an area; the whole also has the requests of no known lycée.

    A figure that is of some rows only has a sentence with both counts.
    """
    work = watched.work(frozenset(area.lycees))
    seen = watched.observe(area.lycees).estimates
    sentences = [
        _requests(watched, area),
        _some(plural(work.asked, "demande"), work.asked, work.timed, "avec une durée notée"),
        *(_some_of(seen, *row) for row in _PARTIAL),
    ]
    if work.presences:
        present = plural(work.presences, "ligne de présence", "lignes de présence")
        sentences.append(
            f"{present} (jour fixe, visite ou relève sans ticket) : ce ne sont pas des demandes."
        )
    return tuple(sentence for sentence in sentences if sentence)


#: Key of a figure of all rows, of the one of some of them, and words on these.
_PARTIAL = (
    ("cover_by_zone", "cover_minutes", "avec un trajet noté"),
    (
        "driven",
        "drive_ratio",
        "comparés aux durées calculées : entre deux {sites} relié{e_site}s ici au moins deux fois",
    ),
)


def _some_of(seen: Mapping[str, Estimate | None], whole: str, part: str, words: str) -> str:
    total, some = seen[whole], seen[part]
    if total is None:
        return ""
    counted = BY_KEY[whole].count_text(total.count)
    return _some(counted, total.count, 0 if some is None else some.count, worded(words))


def _some(counted: str, total: int, part: int, words: str) -> str:
    """Return how many rows are in a figure; empty if all are."""
    return f"{counted}, dont {number(part)} {words}." if part < total else ""


def _requests(watched: Observer, area: Area) -> str:
    """Return the number of requests and, for the whole, how many are of no lycée of the plan."""
    counted = watched.work(frozenset(area.lycees)).asked
    total = watched.work(None).asked if area.kind == "region" else counted
    if not total:
        return ""
    nowhere = watched.work(frozenset({""})).asked if total > counted else 0
    outside = total - counted - nowhere
    apart, site = [], terms().site
    if nowhere:
        apart.append(f"{number(nowhere)} sans {site} reconnu{site.e}")
    if outside:
        apart.append(f"{number(outside)} {site.of_a} hors du plan")
    left = f", dont {listing(apart)} : les tableaux en comptent {number(counted)}" if apart else ""
    return f"{plural(total, 'demande')}{left}."
