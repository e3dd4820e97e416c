"""Codes (UAI) in a list of places: reading, and remarks on doubtful codes."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from geozones.common.french import of
from geozones.domain.places import PlaceQuery, Remark
from geozones.geocode.gazetteer import Gazetteer
from geozones.intake.uai_codes import CodeReading, PrintedCode, read_code


def with_codes(
    queries: Sequence[PlaceQuery], gazetteer: Gazetteer
) -> tuple[tuple[PlaceQuery, ...], tuple[Remark, ...]]:
    """Return the places with their codes read, and remarks on doubtful codes.

    A provisional key (« X53-… ») and an unreadable code stay as they are.
    """
    known = gazetteer.codes
    read, remarks = [], []
    for query in queries:
        if not query.id or query.id in known or query.id.startswith("X"):
            read.append(query)
            continue
        code = read_code(query.id, known)
        read.append(replace(query, id=code.uai or query.id))
        what = _remark(code)
        if what:
            remarks.append(Remark(query.row, what))
    return tuple(read), tuple(remarks)


def disagreements(
    queries: Iterable[PlaceQuery], rows: Iterable[int], gazetteer: Gazetteer
) -> tuple[Remark, ...]:
    """Return a remark for each place whose code belongs to a lycée of another commune.

    Only the places of some ``rows`` (lines of the list) are checked.
    """
    wanted = set(rows)
    elsewhere = ((query, gazetteer.elsewhere(query)) for query in queries if query.row in wanted)
    return tuple(
        Remark(
            query.row,
            f"le code {query.id} est celui {of(lycee.name)} ({lycee.commune}), et la ligne donne "
            f"« {query.commune[:60] or query.insee[:5]} » : vérifiez le code ou la commune.",
        )
        for query, lycee in elsewhere
        if lycee is not None
    )


def _remark(code: PrintedCode) -> str:
    printed = code.printed[:40]
    if code.reading is CodeReading.UNREADABLE:
        return (
            f"le code « {printed} » est illisible ou sa lettre-clé est fausse : il n'est pas "
            "employé ; corrigez-le."
        )
    if code.star:
        return (
            f"« {printed} » : l'étoile marque un autre site de l'établissement {code.uai}. Sa "
            "position est peut-être celle du site principal : vérifiez-la."
        )
    if code.reading is CodeReading.REPAIRED:
        return f"le code « {printed} » est lu {code.uai}, seule lecture possible : vérifiez-le."
    return ""
