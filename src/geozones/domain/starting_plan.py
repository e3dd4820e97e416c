"""Starting plan: the plan of the data folder, before any publication."""

from dataclasses import dataclass

from geozones.common.french import in_words, long_date, of
from geozones.domain.baseline import Baseline
from geozones.domain.plan import Plan
from geozones.domain.terms import terms


@dataclass(frozen=True)
class StartingPlan:
    """Plan that the data folder delivers: sectors that a document presented, and drafts.

    Nobody approved it and it is not in force, unless the folder gives the day (``since``).

    Parameters
    ----------
    plan
        The plan.
    author, date, occasion
        Author, ISO date and occasion (« au webinaire ») of the document that presented its sectors;
        each is empty if unknown.
    drafted_by, drafted_on
        Author of its drafts, such as « l'outil », and their ISO date where newer drafts replaced
        them; each is empty if unknown.
    since, approved_by, reference
        The day from which it is in force (ISO), who approved it, the reference of the decision.
    """

    plan: Plan
    author: str = ""
    date: str = ""
    occasion: str = ""
    drafted_by: str = ""
    drafted_on: str = ""
    since: str = ""
    approved_by: str = ""
    reference: str = ""

    @property
    def statement(self) -> str:
        """Content of the plan, in French; empty if the folder does not describe it.

        For example « secteurs présentés au webinaire du 11 juin 2025 ; quatre secteurs sont des
        brouillons de l'outil ».
        """
        phrases = (self._presented, self._drafts)
        return " ; ".join(phrase for phrase in phrases if phrase)

    @property
    def _presented(self) -> str:
        drawn = all(sector.is_draft for sector in self.plan.sectors)
        when = presented("", self.occasion, self.date)
        return f"secteurs présentés {when}" if when and not drawn else ""

    @property
    def _drafts(self) -> str:
        count = sum(sector.is_draft for sector in self.plan.sectors)
        if not count:
            return ""
        whose = f" {of(self.drafted_by)}" if self.drafted_by else ""
        when = f" du {long_date(self.drafted_on)}, refaits depuis" if self.drafted_on else ""
        if count == 1:
            return f"un secteur est un brouillon{whose}{when}"
        return f"{in_words(count)} secteurs sont des brouillons{whose}{when}"

    @property
    def named_rns(self) -> int | None:
        """How many RNS the document names; ``None`` if the folder says nothing of a document."""
        known = self.author or self.occasion or self.date
        return sum(sector.rns is not None for sector in self.plan.sectors) if known else None

    def baseline(self, day: str | None = None) -> Baseline:
        """Return the plan as the baseline, on a day (ISO) if its decision may be still to come."""
        if not self.since or (day is not None and day < self.since):
            return Baseline(self.plan, statement=self.statement)
        return Baseline(
            self.plan, since=self.since, approved_by=self.approved_by, reference=self.reference
        )


def presented(author: str, occasion: str, date: str) -> str:
    """Return who presented a document, and when, in French; each part may be empty.

    For example « par la Région Pays de la Loire au webinaire du 11 juin 2025 ».
    """
    day = long_date(date) if date else ""
    when = f"{occasion} du {day}" if occasion and day else occasion or (day and f"le {day}")
    noun = terms().organisation
    if author.startswith(f"{noun} "):
        author = f"{noun.the}{author.removeprefix(noun.singular)}"
    return " ".join(filter(None, (author and f"par {author}", when)))
