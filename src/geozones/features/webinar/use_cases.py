"""Use cases of the webinar: its story, its slides, what became of its scenario meanwhile.

A step about something that no longer exists is left out and listed with the reason: nothing fails
in front of an audience.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from geozones.common.errors import GeozonesError
from geozones.common.french import inside, long_date
from geozones.domain import Plan, UnknownScenarioError
from geozones.domain.access import Access
from geozones.domain.publications import not_withdrawn
from geozones.domain.story import CHANGE_STORY, StepKind, Story, default_story
from geozones.domain.terms import worded
from geozones.features.webinar.document import Slide, Webinar, webinar_page
from geozones.features.webinar.steps import StepMaker
from geozones.store import rows
from geozones.workspace.ledger import Ledger, ledger_of
from geozones.workspace.roles import Role, needs
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.bundle import BundleTask
from geozones.workspace.sharing.exported_plan import ExportedPlan

#: Most publications in the proposed story, the latest ones.
_PUBLISHED = 3


@dataclass(frozen=True)
class ReadyStory:
    """A story with its slides, by rank of its steps: where each begins, and why one is left out."""

    webinar: Webinar
    starts: Mapping[int, int]
    skipped: Mapping[int, str]


def story_of(ledger: Ledger, work: Work) -> Story:
    """Return the story of a scenario, or a proposed one if nobody wrote any."""
    placed = work.state.places.placed_since(work.timeline.base.places)
    return work.state.story or proposed_story(ledger, work.plan, work.base, placed)


def proposed_story(
    ledger: Ledger, plan: Plan, base: Plan | None = None, placed: Collection[str] = ()
) -> Story:
    """Return the proposed story of a plan, of its changes if it has a base and differs from it.

    ``placed`` are the lycées (ids) that it puts elsewhere.
    """
    if base is not None and (placed or base != plan):
        return CHANGE_STORY
    atlas = ledger.atlas
    published = [entry.id for entry in not_withdrawn(ledger.entries) if not entry.is_shipped]
    return default_story(
        plan,
        calendar=bool(atlas.calendar),
        organisation=atlas.organisation is not None,
        publications=published[-_PUBLISHED:],
    )


def make_webinar(
    exported: ExportedPlan,
    story: Story | None = None,
    today: str = "",
    ledger: Ledger | None = None,
) -> ReadyStory:
    """Make the slides of a story, by default the plan's own, else the proposed one.

    ``ledger`` has the publications, by default only the data folder's. ``today`` is the ISO date to
    show, by default the version's, so that the same plan and story always give the same webinar.
    """
    held = ledger or ledger_of(exported.study.atlas, today or exported.version.date)
    story = story or exported.story or _proposed(held, exported)
    maker = StepMaker(exported, held)
    shown: list[Slide] = []
    starts: dict[int, int] = {}
    skipped: dict[int, str] = {}
    for rank, step in enumerate(story.steps):
        try:
            slides = maker.slides(step)
        except GeozonesError as error:
            skipped[rank] = str(error)
        else:
            starts[rank] = len(shown)
            shown += slides
    version = maker.region.version
    date = today or version.date
    made = Webinar(
        title=version.name,
        slides=tuple(shown) or (Slide(maker.whole),),
        # the footer is short: the legend has the sources
        credits=tuple(filter(None, (long_date(date) if date else "", version.name_and_status))),
        sources=maker.region.sources,
        ground=maker.region.ground,
    )
    return ReadyStory(made, starts, skipped)


def _proposed(ledger: Ledger, exported: ExportedPlan) -> Story:
    base = exported.base
    if base is None:
        return proposed_story(ledger, exported.plan)
    placed = exported.study.state.places.placed_since(base.study.state.places)
    return proposed_story(ledger, exported.plan, base.plan, placed)


def story_choices(ledger: Ledger, plan: Plan) -> dict[tuple[StepKind, str | None], str]:
    """Return the possible steps of a plan's story, each with its label in a list."""
    atlas = ledger.atlas
    choices: dict[tuple[StepKind, str | None], str] = {
        (StepKind.REGION, None): worded("{Whole_territory}")
    }
    if atlas.organisation is not None:
        choices[StepKind.ORGANISATION, None] = "Organisation · l'ensemble"
        for chapter in atlas.organisation.chapters:
            choices[StepKind.DOCUMENT, chapter.id] = f"Document · {inside(chapter.title)}"
    if atlas.calendar:
        choices[StepKind.CALENDAR, None] = "Calendrier · l'ensemble"
    for date in atlas.calendar:
        choices[StepKind.PHASE, date.id] = f"Calendrier · {date.label}"
    for entry in not_withdrawn(ledger.entries):
        choices[StepKind.PUBLICATION, entry.id] = ledger.title(entry).capitalize()
    for sector in plan.sectors:
        if plan.lycees_of(sector.id):
            choices[StepKind.SECTOR, sector.id] = f"Secteur · {sector.name}"
            choices[StepKind.CHART, sector.id] = f"Organisation · {sector.name}"
    for zone in plan.zones:
        if plan.members(zone.id):
            where = plan.sector(zone.sector).name
            choices[StepKind.ZONE, zone.id] = f"Zone · {zone.name} ({where})"
    choices[StepKind.VIGILANCE, None] = "Points de vigilance"
    choices[StepKind.BEFORE_AFTER, None] = "Avant / après"
    return choices


def bundled(exported: ExportedPlan, ledger: Ledger | None) -> BundleTask:
    """Return the webinar of a plan as a file of the zip with all files."""
    return (
        "2-webinaire.html",
        "le webinaire, au clavier, sans réseau",
        lambda: webinar_page(make_webinar(exported, ledger=ledger).webinar),
    )


_GOES_ON = "la présentation continue avec ce qui était chargé."
DELETED = f"Ce scénario vient d'être supprimé : {_GOES_ON}"
ARCHIVED = f"Ce scénario vient d'être archivé : {_GOES_ON}"
LINK_CLOSED = f"Le lien vers ce scénario vient d'être fermé : {_GOES_ON}"


@needs(Role.READER)
def standing_of(scenarios: Scenarios, work: Work) -> str:
    """Return a notice if the scenario of a work was deleted or archived; else empty."""
    held = work.scenario
    if held is None:
        return ""
    context = scenarios.store().context
    try:
        with context.reading() as connection:
            context.require(connection, held.id, Access.READER)
            archived = rows.read(connection, held.id).archived
    except UnknownScenarioError:
        return DELETED
    return ARCHIVED if archived and not held.archived else ""
