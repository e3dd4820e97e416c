"""Networks with other nouns than the lycées'."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields

from geozones.domain.terms import LYCEES, NetworkTerms, Noun, use_terms


def _nouns(nouns: Iterable[Noun]) -> re.Pattern[str]:
    forms = dict.fromkeys(f for noun in nouns for f in (noun.singular, noun.plural, noun.short))
    return re.compile(
        "|".join(rf"\b{re.escape(form.rstrip('.'))}\b" for form in forms), re.IGNORECASE
    )


_LYCEES = {each.name: getattr(LYCEES, each.name) for each in fields(LYCEES)}
#: Nouns of lycées, as a sentence may not write them.
NOUNS = _nouns(_LYCEES.values())


def today_nouns(used: NetworkTerms) -> re.Pattern[str]:
    """Return the pattern of the nouns of lycées that a network does not have."""
    return _nouns(noun for name, noun in _LYCEES.items() if noun != getattr(used, name))


@contextmanager
def using(network: NetworkTerms) -> Iterator[None]:
    """Use the nouns of a network for a block."""
    use_terms(network)
    try:
        yield
    finally:
        use_terms(LYCEES)
