"""Another network, with its own nouns: an insurer's agencies, served by advisers."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import fields

from geozones.domain.terms import LYCEES, NetworkTerms, Noun, use_terms

AGENCE = Noun("agence", "agences", feminine=True)
AGENCIES = NetworkTerms(
    site=AGENCE,
    size=Noun("salarié", "salariés"),
    code=Noun("matricule", "matricules"),
    support_centre=Noun("agence pilote", "agences pilotes", feminine=True),
    organisation=Noun("entreprise", "entreprises", feminine=True),
    territory=Noun("métropole", "métropoles", feminine=True),
    technician=Noun("conseillère", "conseillères", feminine=True),
    proximity_technician=Noun("conseillère locale", "conseillères locales", feminine=True),
    sector_technician=Noun("experte", "expertes", feminine=True),
)


def today_nouns(used: NetworkTerms) -> re.Pattern[str]:
    """Return the pattern of the nouns of lycées that a network does not have."""
    pairs = ((getattr(LYCEES, each.name), getattr(used, each.name)) for each in fields(LYCEES))
    others = [noun for noun, own in pairs if noun != own]
    forms = dict.fromkeys(f for noun in others for f in (noun.singular, noun.plural, noun.short))
    return re.compile(
        "|".join(rf"\b{re.escape(form.rstrip('.'))}\b" for form in forms), re.IGNORECASE
    )


#: Nouns of lycées, as a sentence may not write them.
NOUNS = today_nouns(AGENCIES)


@contextmanager
def using(network: NetworkTerms) -> Iterator[None]:
    """Use the nouns of a network for a block."""
    use_terms(network)
    try:
        yield
    finally:
        use_terms(LYCEES)


def agencies() -> AbstractContextManager[None]:
    """Use the nouns of the agencies for a block."""
    return using(AGENCIES)
