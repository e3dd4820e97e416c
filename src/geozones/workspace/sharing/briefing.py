"""Three-sentence briefing of a proposal for decision makers, from its dossier."""

from dataclasses import dataclass

from geozones.common.french import listing, of, plural
from geozones.export import Dossier
from geozones.export.dossier import Moved
from geozones.export.sentences import of_moves
from geozones.export.text import typeset

_NAMED, _REASONS = 3, 3
_NO_REASON = "La raison n'a pas été écrite : demandez-la à la personne qui vous a donné le lien."


@dataclass(frozen=True, slots=True)
class Briefing:
    """The proposal, its reasons, and its effects, deteriorations first; each is a sentence."""

    proposed: str
    why: tuple[str, ...]
    changes: tuple[str, ...]


def briefing_of(dossier: Dossier) -> Briefing:
    """Return the briefing of a dossier of the whole region."""
    comparison = dossier.comparison
    if comparison is None:
        return Briefing(
            "Aucun changement par rapport au plan dont part ce scénario.", _why(dossier), ()
        )
    points = len(comparison.new_points)
    watched = plural(
        points,
        "point de vigilance nouveau ou aggravé",
        "points de vigilance nouveaux ou aggravés",
    )
    changes = (*comparison.sentences, *([f"{watched}."] if points else []))
    return Briefing(
        typeset(_proposed(comparison.moves)),
        _why(dossier),
        tuple(typeset(change) for change in changes),
    )


def _proposed(moves: tuple[Moved, ...]) -> str:
    if not moves:
        return "Aucun lycée ne change de zone ; les autres changements sont listés plus bas."
    named = listing([_moved(move) for move in moves[:_NAMED]])
    rest = len(moves) - _NAMED
    more = f" ; {plural(rest, 'autre', 'autres')} dans la liste plus bas" if rest > 0 else ""
    return f"{of_moves(moves)} : {named}{more}."


def _moved(move: Moved) -> str:
    if not move.before or not move.after:
        return f"{move.lycee} ({move.after or move.before})"
    also = ", un autre secteur" if move.changes_sector else ""
    return f"{move.lycee} passe {of(move.before)} à {move.after}{also}"


def _why(dossier: Dossier) -> tuple[str, ...]:
    if not dossier.reasons:
        return (_NO_REASON,)
    rest = len(dossier.reasons) - _REASONS
    more = (f"Et {plural(rest, 'autre raison', 'autres raisons')}.",) if rest > 0 else ()
    return (*(typeset(reason) for reason in dossier.reasons[:_REASONS]), *more)
