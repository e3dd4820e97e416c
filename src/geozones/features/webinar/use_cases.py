"""Slides of a webinar from its story: organisation, publications, words, figures and maps.

A step about something that no longer exists is left out and listed with the reason: nothing fails
in front of an audience.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from geozones.common.errors import GeozonesError, InputError
from geozones.common.french import inside, long_date, number
from geozones.domain import Plan, UnknownScenarioError
from geozones.domain.organisation import (
    NOT_PUBLISHED,
    Organisation,
)
from geozones.domain.publications import not_withdrawn
from geozones.domain.story import StepKind, Story, StoryStep, default_story, story_of_change
from geozones.domain.terms import terms, worded
from geozones.export.dossier import Dossier, SectorRow
from geozones.export.file_parts import printable, typeset
from geozones.export.organisation import names_remark, source_text
from geozones.features.webinar import slides
from geozones.features.webinar.document import Slide, SlideFigure, SlideLine, Webinar, webinar_page
from geozones.features.webinar.slides import badges_of, size_figures, typeset_slide
from geozones.workspace.calendar import deployed_sectors, due
from geozones.workspace.ledger import Ledger, ledger_of
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.roles import Role, needs
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.bundle import BundleTask
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportedPlan, ExportView


def of_whole(organisation: Organisation) -> Slide:
    """Return the slide of the whole organisation and its rules of work, from the document."""
    return typeset_slide(
        Slide(
            kicker=f"Organisation · {_presented(organisation)}",
            title="Qui encadre, qui intervient",
            pictures=(),
            lines=tuple(
                SlideLine(rule.name, " ".join(quote.quoted for quote in rule.quotes))
                for rule in organisation.work
            ),
            notes=(source_text(organisation),),
            chart=organisation,
        )
    )


def of_chapter(organisation: Organisation, chapter: str) -> Slide:
    """Return the slide of a chapter (id) of quotations; raise ``InputError`` if there is none."""
    for entry in organisation.chapters:
        if entry.id == chapter:
            return typeset_slide(
                Slide(
                    kicker=f"Extrait du document · {_presented(organisation)}",
                    title=entry.title,
                    pictures=(),
                    notes=(source_text(organisation),),
                    chart=entry,
                )
            )
    raise InputError("Cette partie du document n'est plus dans les données.")


def _presented(organisation: Organisation) -> str:
    """Name who presented the document, and when: the source of the quotations of a slide."""
    when = long_date(organisation.date) if organisation.date else ""
    return ", ".join(filter(None, (organisation.author, when)))


def of_sector(row: SectorRow) -> Slide:
    """Return the organisation slide of a sector, from its RNS down to its lycées."""
    zones = [zone for zone in row.zones if zone.lycees]
    posts = 0 if row.chart is None else sum(len(zone.posts) for zone in row.chart.zones)
    technicians = None if row.chart is None else row.chart.technicians
    due = terms().sector_technician
    return typeset_slide(
        Slide(
            kicker="Organisation du secteur",
            title=row.name,
            pictures=(),
            badges=badges_of(row.status, row.marks.capitalize()),
            figures=(
                *size_figures(row, zones),
                SlideFigure(
                    "—" if technicians is None else number(technicians),
                    f"{due} prévu{due.e}" if technicians == 1 else f"{due.plural} prévu{due.e}s",
                ),
                *_posts_figure(posts),
            ),
            sentences=(f"RNS : {row.rns or NOT_PUBLISHED}.",),
            notes=(names_remark(),),
            chart=row.chart,
        )
    )


def _posts_figure(posts: int) -> tuple[SlideFigure, ...]:
    """Return the number of posts; nothing if the scenario defines none."""
    label = f"{'postes' if posts > 1 else 'poste'} {terms().proximity_technician.of}"
    return (SlideFigure(number(posts), label),) if posts else ()


#: Most publications in the proposed story, the latest ones.
_PUBLISHED = 3


@dataclass(frozen=True)
class ReadyStory:
    """A story with its slides, and the steps left out, by rank, with the reason."""

    webinar: Webinar
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
        return story_of_change(plan, base, placed)
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
    maker = _SlideMaker(exported, dossier(exported, ExportView()), held)
    shown: list[Slide] = []
    skipped: dict[int, str] = {}
    for rank, step in enumerate(story.steps):
        try:
            shown.append(_retitled(_KINDS[step.kind](maker, step.target or ""), step))
        except GeozonesError as error:
            skipped[rank] = str(error)
    made = Webinar(
        title=maker.region.version.name,
        slides=tuple(shown) or (slides.region(maker.region),),
        credits=_credits(maker.region, today),
        sources=maker.region.sources,
        ground=maker.region.ground,
    )
    return ReadyStory(made, skipped)


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


@dataclass(frozen=True)
class _SlideMaker:
    """Maker of slides from an exported plan, the dossier of its region, and the publications."""

    exported: ExportedPlan
    region: Dossier
    ledger: Ledger

    def whole(self, _: str) -> Slide:
        return slides.region(self.region)

    def calendar(self, _: str) -> Slide:
        if not self.region.calendar:
            raise InputError("Les données n'ont pas de calendrier de déploiement.")
        return slides.calendar(self.region)

    def phase(self, target: str) -> Slide:
        study, calendar = self.exported.study, self.exported.study.atlas.calendar
        for rank, step in enumerate(calendar):
            if step.id == target:
                deployed = deployed_sectors(study.plan, calendar, rank)
                options = SceneOptions(colours=self.exported.colours, deployed=deployed)
                planned = due(study.plan, calendar, rank, marked=False)
                scene = build_scene(study, options)
                return slides.phase(self.region, step, planned, deployed, scene)
        raise InputError("Cette date n'est plus dans le calendrier de déploiement.")

    def publication(self, target: str) -> Slide:
        return slides.slide_of(self.ledger, self.exported, target)

    def sector(self, target: str) -> Slide:
        return slides.sector(self._row(target))

    def chart(self, target: str) -> Slide:
        return of_sector(self._row(target))

    def organisation(self, _: str) -> Slide:
        return of_whole(self._organisation())

    def document(self, target: str) -> Slide:
        return of_chapter(self._organisation(), target)

    def _organisation(self) -> Organisation:
        if self.region.organisation is None:
            raise InputError("Les données ne décrivent pas l'organisation d'ensemble.")
        return self.region.organisation

    def _row(self, target: str) -> SectorRow:
        name = self.exported.plan.sector(target).name
        row = next(row for row in self.region.sectors if row.id == target)
        if not row.lycees:
            what = f"pas {terms().site.of}"
            raise InputError(f"Le secteur {printable(name)} n'a {what} : il n'y a rien à montrer.")
        return row

    def zone(self, target: str) -> Slide:
        zone = self.exported.plan.zone(target)
        row = next(row for row in self.region.sectors if row.id == zone.sector)
        if not self.exported.plan.members(target):
            what = f"plus {terms().site.of}"
            raise InputError(
                f"La zone {printable(zone.name)} n'a {what} : il n'y a rien à montrer."
            )
        return slides.zone(row, target)

    def vigilance(self, _: str) -> Slide:
        return slides.vigilance(self.region)

    def before_after(self, _: str) -> Slide:
        return slides.before_after(dossier(self.exported, ExportView("before-after")))


_KINDS: Mapping[StepKind, Callable[[_SlideMaker, str], Slide]] = {
    StepKind.REGION: _SlideMaker.whole,
    StepKind.CALENDAR: _SlideMaker.calendar,
    StepKind.PHASE: _SlideMaker.phase,
    StepKind.PUBLICATION: _SlideMaker.publication,
    StepKind.SECTOR: _SlideMaker.sector,
    StepKind.ZONE: _SlideMaker.zone,
    StepKind.ORGANISATION: _SlideMaker.organisation,
    StepKind.CHART: _SlideMaker.chart,
    StepKind.DOCUMENT: _SlideMaker.document,
    StepKind.VIGILANCE: _SlideMaker.vigilance,
    StepKind.BEFORE_AFTER: _SlideMaker.before_after,
}


#: Steps whose sentences stay beside the presenter's own text.
_FACTS = frozenset({StepKind.SECTOR, StepKind.PUBLICATION})


def _retitled(slide: Slide, step: StoryStep) -> Slide:
    """Apply the presenter's title and text: the text replaces the sentences, not the figures."""
    title = typeset(printable(step.title)) or slide.title
    lines = "\n".join(printable(line) for line in step.text.splitlines()).strip()
    if not lines:
        return replace(slide, title=title)
    # sector leaders, support centre and approvers of a plan are facts, like figures: keep them
    kept = slide.sentences if step.kind in _FACTS else ()
    return replace(slide, title=title, text=typeset(lines), sentences=kept)


def _credits(region: Dossier, today: str) -> tuple[str, ...]:
    """Return the date, the plan and its status: the footer is short, the legend has the sources."""
    date = today or region.version.date
    pieces = (long_date(date) if date else "", region.version.name_and_status)
    return tuple(typeset(piece) for piece in pieces if piece)


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
    try:
        kept = scenarios.store().scenarios.get(held.id)
    except UnknownScenarioError:
        return DELETED
    return ARCHIVED if kept.archived and not held.archived else ""
