"""Use cases of the webinar: its story, its slides, what became of its scenario meanwhile.

The pages of a step are those of the reports of its plan, or of what no report has. A step about
something that no longer exists is left out and listed with the reason: nothing fails in front of an
audience.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from geozones.common.errors import GeozonesError, InputError
from geozones.common.french import capital, inside, listing, long_date, number, plural
from geozones.domain import DecisionStatus, Plan, Publication, UnknownScenarioError
from geozones.domain.access import Access
from geozones.domain.organisation import Organisation
from geozones.domain.publications import PublicationStatus, not_withdrawn
from geozones.domain.story import CHANGE_STORY, StepKind, Story, StoryStep, default_story
from geozones.domain.terms import terms, worded
from geozones.export.blocks import (
    Block,
    Fact,
    KeyFacts,
    Line,
    Page,
    Picture,
    Quoted,
    Row,
    Table,
    TableColumn,
    Text,
    lines,
    spoken,
)
from geozones.export.change_scenes import MOST_ARROWS, names_of, on_zone, tells_change
from geozones.export.dossier import Dossier, LyceeRow, SectorRow, Step
from geozones.export.file_parts import AMBER, MUTED, printable
from geozones.export.messages import guess_of
from geozones.export.organisation import (
    chapter_html,
    names_remark,
    sector_html,
    source_text,
    whole_html,
    without_doubt,
)
from geozones.export.reports import REMARKS, change_pages, plan_pages
from geozones.features.webinar.document import Slide, Webinar, webinar_page
from geozones.metrics import metric, written
from geozones.metrics.metric_registry import watch_list
from geozones.render import Scene, ZoneArea
from geozones.render.signs import INK
from geozones.store import rows
from geozones.workspace.folder.calendar import deployed_sectors, due
from geozones.workspace.ledger import Ledger, ledger_of
from geozones.workspace.maps import SceneOptions, build_scene
from geozones.workspace.roles import Role, needs
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.bundle import BundleTask
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportedPlan, ExportView, of_publication

_DATES = (TableColumn("Date", 22, names=True), TableColumn("Ce qui était prévu", 64))
_PLANNED = (TableColumn("Pour qui", 22, names=True), TableColumn("Ce qui était prévu", 64))
_LYCEES = (TableColumn("{Site}", 40, names=True), TableColumn("Relève", 60))
#: Steps whose sentences are facts, as figures are: they stay beside the presenter's own text.
_FACTS = frozenset({StepKind.SECTOR, StepKind.PUBLICATION})
#: Ink of what does not change, in a picture of a change.
_QUIET = "#9aa3a8"


@dataclass(frozen=True)
class StepMaker:
    """Maker of the slides of steps, from an exported plan and the publications."""

    exported: ExportedPlan
    ledger: Ledger

    @cached_property
    def region(self) -> Dossier:
        """Dossier of the whole plan."""
        return dossier(self.exported, ExportView())

    @cached_property
    def _pages(self) -> dict[str, Page]:
        """Pages of the report of the plan itself, by key."""
        return {page.key: page for page in plan_pages(replace(self.region, comparison=None))}

    @property
    def whole(self) -> Page:
        """Page of the whole plan, the first of its report."""
        return next(iter(self._pages.values()))

    def slides(self, step: StoryStep) -> list[Slide]:
        """Return the slides of a step, in the presenter's words.

        Raise `GeozonesError` where there is nothing to show any more.
        """
        slides = [
            replace(slide, page=_for_room(slide.page))
            for slide in _KINDS[step.kind](self, step.target or "")
        ]
        return [_in_own_words(slides[0], step), *slides[1:]]

    def change(self) -> list[Slide]:
        """Return the report of the change but its sources; the whole plan if nothing changes."""
        if not tells_change(self.region):
            return [Slide(self.whole)]
        return [Slide(page) for page in change_pages(self.region) if page.key != "sources"]

    def points(self) -> Page:
        """Return the points to watch of the whole plan."""
        return self._pages.get("points", Page(watch_list(self.region.points).text, ()))

    def sector(self, target: str) -> Page:
        """Return a sector: its map, its zones and their lycées."""
        return self._pages[f"s-{self.row(target).id}"]

    def calendar(self) -> Page:
        """Return the whole plan with the first of what was planned for each date."""
        dates = self.region.calendar
        if not dates:
            raise InputError("Les données n'ont pas de calendrier de déploiement.")
        rows = tuple(Row((without_doubt(date.heading), _first_action(date))) for date in dates)
        told = Table(_DATES, rows, others=("autre date", "autres dates"))
        blocks = (
            replace(block, beside=(told,)) if isinstance(block, Picture) else block
            for block in self.whole.blocks
        )
        return replace(self.whole, blocks=tuple(blocks), notes=self._pages["calendar"].notes)

    def phase(self, target: str) -> Page:
        """Return what was planned at a date, the sectors not yet deployed faded on the map."""
        study, calendar = self.exported.study, self.exported.study.atlas.calendar
        rank = next((rank for rank, date in enumerate(calendar) if date.id == target), None)
        if rank is None:
            raise InputError("Cette date n'est plus dans le calendrier de déploiement.")
        date, deployed = calendar[rank], deployed_sectors(study.plan, calendar, rank)
        options = SceneOptions(colours=self.exported.colours, deployed=deployed)
        planned = due(study.plan, calendar, rank, marked=False)
        rows = tuple(Row((part.whom, " ; ".join(part.actions))) for part in planned)
        known = [sector for sector in self.region.sectors if sector.lycees]
        at_work = [sector for sector in known if sector.id in deployed]
        names = listing([sector.name for sector in at_work])
        where = f"dans {plural(len(at_work), 'secteur')} : {names}"
        if len(at_work) == len(known):
            where = f"dans {terms().territory.whole}"
        told = f"La nouvelle organisation était prévue {where}."
        if not at_work:
            told = "Une préparation était prévue, sans nouvelle organisation."
        site = terms().site
        lycees = number(sum(len(sector.lycees) for sector in at_work))
        figures = KeyFacts(
            (
                Fact("secteurs dans la nouvelle organisation", f"{len(at_work)} sur {len(known)}"),
                Fact(
                    f"{site.plural} concernés",
                    f"{lycees} sur {number(len(self.region.lycees))}",
                ),
            )
        )
        month = capital(long_date(date.date).partition(" ")[2])
        picture = Picture(
            f"Carte des secteurs dans la nouvelle organisation : {names}.",
            scenes=(build_scene(study, options),),
            beside=(figures, Table(_PLANNED, rows)),
        )
        notes = spoken((told, *self.region.calendar_notes[:1], *date.doubts))
        return Page(month if date.doubt else date.label, (lines((told,)), picture), notes)

    def publication(self, code: str) -> list[Page]:
        """Return the pages of a publication (id): its change to the previous one, else its plan."""
        ledger, entry = self.ledger, self.ledger.get(code)
        if ledger.standing(entry) is PublicationStatus.WITHDRAWN:
            taken_back = ledger.withdrawal(entry)
            why = "" if taken_back is None else f" Motif : {printable(taken_back.note)}"
            raise InputError(
                f"La {ledger.title(entry)} a été retirée : elle n'est plus à montrer.{why}"
            )
        plans = not_withdrawn(ledger.entries)
        rank = next(rank for rank, plan in enumerate(plans) if plan.id == entry.id)
        analysis = self.exported.study.analysis
        shown = of_publication(analysis, ledger, entry)
        if rank:
            shown = replace(shown, base=of_publication(analysis, ledger, plans[rank - 1]))
        view = dossier(shown, ExportView())
        told = list(_terms(ledger, entry))
        if tells_change(view):
            first, *others = change_pages(view)
            pages = [first, *(page for page in others if page.key == "moves")]
            told.append(f"{first.title}.")
        else:
            pages = plan_pages(replace(view, comparison=None))[:1]
            same = worded("{No_site} n'a changé de zone par rapport au plan d'avant.")
            told += [same] if rank else []
        title = " ".join(ledger.when(entry)).strip()
        pages[0] = replace(pages[0], title=title, blocks=(lines(told), *pages[0].blocks))
        return pages

    def row(self, target: str) -> SectorRow:
        """Return a sector (id) that has lycées."""
        name = self.exported.plan.sector(target).name
        row = next(row for row in self.region.sectors if row.id == target)
        if not row.lycees:
            what = f"pas {terms().site.of}"
            raise InputError(f"Le secteur {printable(name)} n'a {what} : il n'y a rien à montrer.")
        return row

    def zone(self, target: str) -> Page:
        """Return a zone: its lycées, and the relève of each, with their names on its map."""
        zone = self.exported.plan.zone(target)
        sector = next(row for row in self.region.sectors if row.id == zone.sector)
        row = next(row for row in sector.zones if row.id == target)
        if not row.lycees:
            what = f"plus {terms().site.of}"
            raise InputError(
                f"La zone {printable(zone.name)} n'a {what} : il n'y a rien à montrer."
            )
        near = on_zone(sector.scene, target)
        near = replace(near, labels=names_of(p for p in near.lycees if p.zone == target))
        site = terms().site
        marks = worded(REMARKS.get(row.status, "")).removesuffix(".")
        changed = "modifiée par le scénario" if row.changed else ""
        marks = ", ".join(filter(None, (marks, changed)))
        pair = listing(row.farthest or ())
        alone = worded("Un seul {site} : pas de relève.")
        lost = [lycee.name for lycee in row.lycees if not lycee.is_placed]
        told = [
            Line(f"Zone de continuité du secteur {sector.name}.", ink=MUTED),
            Line(f"{marks}." if marks else "", ink=AMBER),
            Line(f"Les plus éloignés : {pair}." if pair else alone),
            Line(f"Sans position sur la carte : {listing(lost)}." if lost else ""),
        ]
        figures = []
        for key in ("mean_minutes", "max_minutes", "worst_releve_minutes"):
            guess = f" ({guess_of(row, key)})" if key in row.guessed else ""
            figures.append(Fact(f"{metric(key).label}{guess}", written(row.values, key, 0)))
        picture = Picture(
            f"Carte de la zone {row.name} et de ses {site.plural}.",
            scenes=(near,),
            beside=(
                KeyFacts(tuple(figures)),
                Table(
                    _LYCEES,
                    tuple(map(_lycee, row.lycees)),
                    others=(f"autre {site}", f"autres {site.plural}"),
                ),
            ),
        )
        notes = spoken([line.text for line in told])
        return Page(row.name, (Text(tuple(line for line in told if line.text)), picture), notes)

    def organisation(self) -> Slide:
        """Return the organisation in the document's words, with its chart."""
        organisation, page = self._of_document(), self._pages.get("organisation")
        if page is None:
            raise InputError(
                worded("Un seul secteur a des {sites} : rien n'est à montrer de l'ensemble.")
            )
        said = tuple(block for block in page.blocks if isinstance(block, Quoted))
        return Slide(replace(page, blocks=said), whole_html(organisation, level=2))

    def chart(self, target: str) -> Slide:
        """Return the chart of a sector, from its RNS down to its lycées."""
        row = self.row(target)
        page = self.sector(target)
        said = tuple(block for block in page.blocks if isinstance(block, Text))
        title = f"{row.name} : qui est avec qui"
        drawn = "" if row.chart is None else sector_html(row.chart)
        return Slide(replace(page, title=title, blocks=said, notes=(names_remark(),)), drawn)

    def chapter(self, target: str) -> Slide:
        """Return a chapter (id) of quotations of the document."""
        organisation = self._of_document()
        chapter = next((each for each in organisation.chapters if each.id == target), None)
        if chapter is None:
            raise InputError("Cette partie du document n'est plus dans les données.")
        source = source_text(organisation)
        return Slide(
            Page(chapter.title, (lines((source,), MUTED),), (source,)), chapter_html(chapter)
        )

    def _of_document(self) -> Organisation:
        if self.region.organisation is None:
            raise InputError("Les données ne décrivent pas l'organisation d'ensemble.")
        return self.region.organisation


_KINDS: Mapping[StepKind, Callable[[StepMaker, str], list[Slide]]] = {
    StepKind.REGION: lambda maker, _: [Slide(maker.whole)],
    StepKind.CALENDAR: lambda maker, _: [Slide(maker.calendar())],
    StepKind.PHASE: lambda maker, target: [Slide(maker.phase(target))],
    StepKind.PUBLICATION: lambda maker, target: [*map(Slide, maker.publication(target))],
    StepKind.SECTOR: lambda maker, target: [Slide(maker.sector(target))],
    StepKind.ZONE: lambda maker, target: [Slide(maker.zone(target))],
    StepKind.ORGANISATION: lambda maker, _: [maker.organisation()],
    StepKind.CHART: lambda maker, target: [maker.chart(target)],
    StepKind.DOCUMENT: lambda maker, target: [maker.chapter(target)],
    StepKind.VIGILANCE: lambda maker, _: [Slide(maker.points())],
    StepKind.BEFORE_AFTER: lambda maker, _: maker.change(),
}


def _first_action(date: Step) -> str:
    actions = [without_doubt(action) for _, each in date.parts for action in each]
    others = len(dict.fromkeys(actions)) - 1
    more = f", et {plural(others, 'autre action', 'autres actions')}" if others > 0 else ""
    return f"{actions[0]}{more}" if actions else ""


def _terms(ledger: Ledger, entry: Publication) -> Iterator[str]:
    """Yield the statement, the approval and the note of a publication."""
    statement = ledger.atlas.starting_plan.statement if ledger.is_starting(entry) else ""
    if statement:
        yield f"{capital(statement)}."
    if entry.approved_by:
        reference = f" ({printable(entry.reference)})" if entry.reference else ""
        yield f"Approuvé par {printable(entry.approved_by)}{reference}."
    if entry.note:
        yield f"Source : {printable(entry.note)}." if entry.is_shipped else printable(entry.note)


def _lycee(row: LyceeRow) -> Row:
    said = [terms().support_centre.singular] if row.is_support else []
    if row.releve_minutes is not None:
        said.append(f"relève en {row.releve_text} depuis {row.releve_from}")
    return Row((f"{row.name} ({row.commune})", " · ".join(said)))


def _in_own_words(slide: Slide, step: StoryStep) -> Slide:
    """Apply the presenter's title and text, which replaces sentences but no fact nor warning."""
    page, said = slide.page, [*filter(None, map(printable, step.text.splitlines()))]
    blocks: Sequence[Block] = page.blocks
    if said:
        kept = (
            block
            if step.kind in _FACTS or not isinstance(block, Text)
            else replace(block, lines=tuple(line for line in block.lines if line.ink == AMBER))
            for block in blocks
        )
        blocks = (lines(said), *kept)
    title = printable(step.title) or page.title
    return replace(slide, page=replace(page, title=title, blocks=tuple(blocks)))


def _for_room(page: Page) -> Page:
    """Return a page whose maps of a change have names and dark lines for what changes alone."""
    blocks = (
        replace(block, scenes=tuple(map(_of_change, block.scenes)))
        if isinstance(block, Picture)
        else block
        for block in page.blocks
    )
    return replace(page, blocks=tuple(blocks))


def _of_change(scene: Scene) -> Scene:
    """Return the scene of a change for a room; of many lycées that move, none is named."""
    if scene.change is None:
        return scene
    moved = frozenset(move.id for move in scene.change.moves)
    zones = {area.id for area in scene.zones if not area.aside}
    numbers = {area.id: area.number for area in scene.zones}
    numbered = bool(scene.change.zones)
    sectors = {area.sector for area in scene.zones if area.id in zones}
    labels = [
        replace(label, zooms=(0.0, 99.0), number=numbers.get(label.of, 0) * numbered)
        for label in scene.labels
        if label.of in zones
    ]
    if not moved:
        labels += [label for label in scene.labels if label.of in sectors]
    quiet = (_plain(area, _QUIET) for area in scene.zones if area.id not in zones)
    subject = (_plain(area, INK) for area in scene.zones if area.id in zones)
    lycees = tuple(point for point in scene.lycees if point.zone in zones)
    if len(moved) <= MOST_ARROWS:
        labels += names_of(point for point in lycees if point.id in moved)
    return replace(
        scene,
        zones=(*quiet, *subject),  # the last are drawn over the others
        sectors=(),
        lycees=lycees,
        labels=tuple(labels),
        picked=moved,
    )


def _plain(area: ZoneArea, ink: str) -> ZoneArea:
    """Return a zone with one line round it; a draft stays hatched."""
    draft = area.status is DecisionStatus.DRAFT
    status = DecisionStatus.DRAFT if draft else DecisionStatus.PUBLISHED
    return replace(area, ink=ink, status=status, changed=False)


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
