"""Another network, with its own nouns: an insurer's agencies, served by advisers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from geozones.domain.terms import TODAY, NetworkTerms, Noun, use_terms

#: Nouns of today's network, as a sentence may not write them. « région », in lower case, is not
#: the organisation: it is the whole of the sectors, a level as they are.
NOUNS = re.compile(
    r"lycée|élève|\bUAI\b|centres? support|(?-i:\bRégion\b)|T\.I\.[PS]\.|technicien",
    re.IGNORECASE,
)
AGENCE = Noun("agence", "agences", feminine=True)
AGENCIES = NetworkTerms(
    site=AGENCE,
    size=Noun("salarié", "salariés"),
    code=Noun("matricule", "matricules"),
    support_centre=Noun("agence pilote", "agences pilotes", feminine=True),
    organisation=Noun("entreprise", "entreprises", feminine=True),
    technician=Noun("conseillère", "conseillères", feminine=True),
    proximity_technician=Noun("conseillère locale", "conseillères locales", feminine=True),
    sector_technician=Noun("experte", "expertes", feminine=True),
)


@contextmanager
def agencies() -> Iterator[None]:
    """Use the nouns of the agencies for a block."""
    use_terms(AGENCIES)
    try:
        yield
    finally:
        use_terms(TODAY)
