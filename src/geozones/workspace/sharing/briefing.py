"""Briefing of a proposal for decision makers, from its dossier."""

from dataclasses import dataclass

from geozones.common.french import plural
from geozones.export import Dossier
from geozones.export.change_message import message_of
from geozones.export.sentences import what_changes
from geozones.export.text import typeset

_REASONS = 3
_NO_REASON = "La raison n'a pas été écrite : demandez-la à la personne qui vous a donné le lien."


@dataclass(frozen=True, slots=True)
class Briefing:
    """A proposal in sentences.

    Parameters
    ----------
    message
        What it does, in at most three lines.
    proposed
        All that it changes, a line for each zone that lycées join.
    why
        Its reasons.
    worse
        Points to watch that are new or get worse.
    """

    message: tuple[str, ...]
    proposed: tuple[str, ...]
    why: tuple[str, ...]
    worse: tuple[str, ...]


def briefing_of(dossier: Dossier) -> Briefing:
    """Return the briefing of a dossier of the whole region."""
    comparison = dossier.comparison
    if comparison is None:
        nothing = "Aucun changement par rapport au plan dont part ce scénario."
        return Briefing((nothing,), (nothing,), _why(dossier), ())
    return Briefing(
        message_of(comparison).lines,
        tuple(what_changes(comparison)),
        _why(dossier),
        tuple(typeset(point) for point in comparison.new_points),
    )


def _why(dossier: Dossier) -> tuple[str, ...]:
    if not dossier.reasons:
        return (_NO_REASON,)
    rest = len(dossier.reasons) - _REASONS
    more = (f"Et {plural(rest, 'autre raison', 'autres raisons')}.",) if rest > 0 else ()
    return (*(typeset(reason) for reason in dossier.reasons[:_REASONS]), *more)
