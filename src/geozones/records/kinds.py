"""Records of every kept kind: the one list of what is stored, backed up and restored.

CONTRIBUTING.md has the recipe that adds a field to a kind.
"""

from collections.abc import Iterator

from geozones.common.errors import InputError
from geozones.domain import Decision, Event, Publication, Scenario, ScenarioSummary
from geozones.domain.access import EVERYONE, Access, Member
from geozones.domain.actions import Action
from geozones.domain.comments import Comment, CommentAnswer
from geozones.domain.journal_files import JournalFile, JournalMonth, of_months
from geozones.domain.links import SharedLink
from geozones.domain.opinions import Opinion, OpinionAnswer, Question
from geozones.domain.publications import SHIPPED_ID, Approval
from geozones.domain.scenario import FrozenCopy
from geozones.records.event_tree import tree_faults
from geozones.records.record import Record


def _scenario_faults(scenario: Scenario) -> Iterator[str]:
    return tree_faults(scenario.events, scenario.head, {})


def _copy_faults(copy: FrozenCopy) -> Iterator[str]:
    if copy.token != copy.scenario.id:
        yield "« token » n'est pas le code de la copie"
    yield from _scenario_faults(copy.scenario)


def _member_faults(member: Member) -> Iterator[str]:
    if member.person == EVERYONE and member.access is Access.OWNER:
        yield "« person » : tout le monde ne peut pas être propriétaire"


def _publication_faults(publication: Publication) -> Iterator[str]:
    if publication.id == SHIPPED_ID:
        yield "« id » est celui du plan livré avec l'outil"
    if publication.position == 0:
        yield "« position » commence à 1"
    if bool(publication.plan) is publication.is_withdrawal:
        yield "elle doit avoir un plan, ou en retirer un"


def _month_faults(month: JournalMonth) -> Iterator[str]:
    try:
        of_months([month.content], invented=False)
    except InputError:
        yield "« content » n'est pas ce que l'outil écrit"


EVENT = Record(Event, "changement", "id", json_columns=("data",))
DECISION = Record(Decision, "décision", "at")
SCENARIO = Record(
    Scenario,
    "scénario",
    "id",
    own_tables=("events",),
    json_columns=("decisions", "base"),
    faults=_scenario_faults,
)
SUMMARY = Record(ScenarioSummary, "scénario", "id")
FROZEN = Record(
    FrozenCopy,
    "copie figée",
    "token",
    columns={"content": "scenario"},
    json_columns=("content", "figures"),
    faults=_copy_faults,
)
LINK = Record(SharedLink, "lien partagé", "token")
ANSWER = Record(CommentAnswer, "réponse à un commentaire", "at")
COMMENT = Record(
    Comment,
    "commentaire",
    "id",
    columns={
        "kind": "about.kind",
        "place": "about.id",
        "place_name": "about.name",
        "treatment": "ruling.treatment",
        "reason": "ruling.reason",
        "ruled_by": "ruling.author",
        "ruled_at": "ruling.at",
    },
    own_tables=("answers",),
)
QUESTION = Record(Question, "demande d'avis", "version")
OPINION_ANSWER = Record(OpinionAnswer, "réponse à une demande d'avis", "at")
# named by its lycée: its token opens a personal link, which no notice may show
OPINION = Record(Opinion, "avis", "lycee", own_tables=("earlier",), empty=("stance",))
MEMBER = Record(Member, "droit d'accès", "scenario", "{person}", faults=_member_faults)
ACTION = Record(Action, "ligne du journal des actions", "position", json_columns=("detail",))
PUBLICATION = Record(
    Publication,
    "publication",
    "id",
    "n° {position} du {effective}",
    json_columns=("plan", "figures"),
    faults=_publication_faults,
)
APPROVAL = Record(Approval, "seconde approbation", "publication")
JOURNAL_FILE = Record(
    JournalFile, "fichier du journal de l'expérimentation", "id", json_columns=("report",)
)
JOURNAL_MONTH = Record(
    JournalMonth, "mois du journal de l'expérimentation", "file", "{month}", faults=_month_faults
)
