"""Reports: functions of a dossier that return pages of blocks, in the order every format has."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from geozones.common.french import (
    NBSP,
    capital,
    in_words,
    inside,
    listing,
    long_date,
    plural,
    typeset,
)
from geozones.domain import DecisionStatus
from geozones.domain.organisation import NOT_PUBLISHED, Organisation
from geozones.domain.terms import has_organisation, terms, worded
from geozones.domain.times import ESTIMATED_MEANS
from geozones.effect import Effect
from geozones.export import messages
from geozones.export.blocks import (
    Block,
    Fact,
    KeyFacts,
    Line,
    Page,
    Picture,
    Quoted,
    ReportPages,
    Row,
    Swatch,
    Table,
    TableColumn,
    Text,
    lines,
    spoken,
)
from geozones.export.change_scenes import near_changes, tells_change, zones_in_view
from geozones.export.dossier import (
    NOT_COUNTED,
    Dossier,
    PlanComparison,
    SectorRow,
    SiteSheet,
    Step,
    ZoneRow,
)
from geozones.export.file_parts import AMBER, GREEN, INK, MUTED, RED, qr_png
from geozones.export.messages import FEEDBACK_TITLE, ChangeMessage, mean_and_longest, message_of
from geozones.export.organisation import READING, source_text, technicians_text, without_doubt
from geozones.metrics import Change
from geozones.metrics.metric_changes import FigureEffect, effect_on, scope_of, worst_first
from geozones.metrics.metric_registry import watch_list
from geozones.render.sheet import DRAFTS, UNDECIDED

_FACTS = (TableColumn("", 22, names=True), TableColumn("Dans ce plan", 72))
_COMPARED = (TableColumn("", 22, names=True), TableColumn("Avant", 36), TableColumn("Après", 36))
#: Points of the text, larger than in other documents since a page has few lines.
_SIZE = 11.5


def sheets_report(dossier: Dossier, *, whole: bool = False) -> ReportPages:
    """Return the sheets of the lycées in view that the plan changes something for, or of all."""
    kind = f"Fiches des {terms().site.plural}"
    title = kind if len(dossier.sectors) > 1 else f"{kind} : {dossier.title}"
    pages = [_page(dossier, sheet) for sheet in dossier.sheets if whole or sheet.changes]
    sources = replace(sources_page(dossier), flows=not pages)
    if not pages:
        nothing = Line(worded("Ce plan ne change rien pour {no_site}."))
        pages = [Page(title, (Text((nothing,)),))]
    return ReportPages(title, (*pages, sources), text_size=_SIZE)


def sheet_report(dossier: Dossier, sheet: SiteSheet) -> ReportPages:
    """Return the sheet of one lycée."""
    return ReportPages(sheet.name, (_page(dossier, sheet),), text_size=_SIZE)


def _page(dossier: Dossier, sheet: SiteSheet) -> Page:
    status = f"{dossier.version.dated_name}. Statut de la zone : {sheet.status}."
    columns = _COMPARED if sheet.is_compared else _FACTS
    blocks: list[Block] = [Text((Line("", head=status),))]
    if sheet.worse:
        blocks.append(lines(sheet.worse, RED, title=FigureEffect.WORSE))
    blocks.append(Table(columns, tuple(map(Row, sheet.rows))))
    for title, told, ink in (
        ("Jours de présence", (sheet.presence,) if sheet.presence else (), INK),
        ("En cas d'absence, qui vient", sheet.cover, INK),
        ("À confirmer", sheet.doubts, AMBER),
    ):
        if told:
            blocks.append(lines(told, ink, title=title))
    blocks.append(Text((Line(" ".join(dossier.sources)),), small=True))
    return Page(sheet.name, tuple(blocks), key=f"l-{sheet.lycee}")


#: Name of the sheet of a workbook that has the feedback.
FEEDBACK_SHEET = "Avis et commentaires"
#: Colours of statuses.
_STATUS_INKS = {
    DecisionStatus.PUBLISHED: GREEN,
    DecisionStatus.RETAINED: INK,
    DecisionStatus.PROPOSED: "4A2897",
    DecisionStatus.DRAFT: AMBER,
}


def status_ink(sector: SectorRow) -> str:
    """Return the colour of a sector's status: muted if it is published and changed."""
    if sector.marks and sector.status is DecisionStatus.PUBLISHED:
        return MUTED
    return _STATUS_INKS[sector.status]


def feedback_page(dossier: Dossier) -> Iterator[Page]:
    """Yield the feedback on the plan, if any."""
    if dossier.feedback:
        notes = (*dossier.feedback[:1], "Chaque ligne donne un commentaire et sa suite.")
        told = lines(dossier.feedback, sheet=FEEDBACK_SHEET)
        yield Page(FEEDBACK_TITLE, (told,), spoken(notes), key="feedback", flows=True)


def decision_page(
    dossier: Dossier, figures: Sequence[Fact] = (), conclusion: Sequence[str] = ()
) -> Iterator[Page]:
    """Yield the decision asked for with what it does, and where to find the plan, if any."""
    if not dossier.asked and not dossier.address:
        return
    blocks: list[Block] = [KeyFacts(tuple(figures))] if figures and dossier.asked else []
    if said := (*dossier.asked[1:], *(conclusion if dossier.asked else ())):
        blocks.append(lines(said))
    if dossier.address:
        described = f"Code QR qui mène à {dossier.address}"
        blocks.append(Picture(described, png=qr_png(dossier.address), link=dossier.address))
    title = "Où retrouver ce plan"
    if dossier.asked and dossier.asked[0]:
        noun = "Décision demandée" if dossier.asked[0].endswith("?") else "Décision"
        title = f"{noun} : {inside(dossier.asked[0]).rstrip('.')}"
    notes = ("Voici ce qui vous est demandé.", *dossier.asked[:1], *dossier.reasons)
    yield Page(title, tuple(blocks), spoken(notes), key="decision", flows=True)


def sources_page(dossier: Dossier) -> Page:
    """Return the sources of the figures, and the identity of the plan."""
    told = Text(tuple(map(Line, messages.of_sources(dossier))), small=True)
    notes = (
        "Voici d'où viennent les chiffres, les noms et la carte.",
        f"Le plan montré est celui-ci : {dossier.version.dated_name}.",
        f"Un trajet est dit « estimé » quand {ESTIMATED_MEANS}.",
    )
    return Page("Sources et version", (told,), spoken(notes), key="sources", flows=True)


#: Name of the sheet of a workbook that has the points to watch.
POINTS_SHEET = "Vigilance"
_LED = (TableColumn("RNS", 20), TableColumn("{Support_centre}", 26))
_SECTORS = (
    TableColumn("", 4),
    TableColumn("Secteur", 26, names=True),
    TableColumn("Statut", 22),
    *_LED,
    TableColumn("Zones", 8, numeric=True),
    TableColumn("{Sites}", 9, numeric=True),
    TableColumn("Trajet moyen", 11, numeric=True),
    TableColumn("Le plus long", 11, numeric=True),
)
_ZONES = (
    TableColumn("", 6),
    TableColumn("Zone de continuité", 28, names=True),
    TableColumn("{Sites}", 62),
    TableColumn("Trajet moyen", 12, numeric=True),
    TableColumn("Le plus long", 12, numeric=True),
)
_POSTS = (
    TableColumn("Zone", 32, names=True),
    TableColumn("Poste", 15),
    TableColumn("{Sites} et demi-journées par semaine", 76),
)
_POINTS = (TableColumn("À surveiller", 92), TableColumn("Origine", 31))
_ROLES = (TableColumn("Rôle", 60, names=True), TableColumn("Combien", 50))
_DATES = (
    TableColumn("Date", 22, names=True),
    TableColumn("Pour qui", 24),
    TableColumn("Ce qui était prévu", 64),
)
#: Remark, for `worded`, on a sector that is not published.
REMARKS = {
    DecisionStatus.RETAINED: "Retenu : décidé ici, pas encore publié.",
    DecisionStatus.PROPOSED: "Proposé : dans un scénario, non décidé.",
    DecisionStatus.DRAFT: "Brouillon : proposition de l'outil{no_decision}.",
}
#: Places of points that notes name; lycées of a row, which is then never taller than a slide.
_NAMED, _IN_A_ROW = 3, 10


def plan_pages(dossier: Dossier) -> list[Page]:
    """Return the pages of a plan, of the whole territory or of a sector."""
    sectors = [sector for sector in dossier.sectors if sector.lycees]
    pages = [_region(dossier)] if len(dossier.sectors) > 1 else []
    for sector in sectors:
        pages += _sector(dossier, sector, first=not pages)
    pages += _vigilance(dossier)
    if dossier.comparison is None:
        if len(dossier.sectors) > 1 and dossier.organisation is not None:
            pages.append(_organisation(dossier.organisation))
        pages += calendar_page(dossier)
    return [*pages, *feedback_page(dossier), *decision_page(dossier), sources_page(dossier)]


def _status(dossier: Dossier) -> Text:
    """Return the plan's name and status, and warn about what nobody decided."""
    warned = [] if dossier.version.decided else [UNDECIDED]
    warned += [worded(DRAFTS)] if dossier.has_drafts else []
    told = " ".join((f"{dossier.version.dated_name}.", *warned))
    return Text((Line(told, ink=AMBER if warned else MUTED),))


def _region(dossier: Dossier) -> Page:
    zones = plural(_count(dossier), "zone")
    lycees = terms().site.counted(len(dossier.lycees))
    counted = f"{plural(len(dossier.sectors), 'secteur')}, {zones} de continuité, {lycees}"
    described = messages.alt_of_region(dossier)
    table = Table(sector_columns(), tuple(_sector_rows(dossier)))
    blocks = (_status(dossier), Picture(described, scenes=(dossier.scene,), beside=(table,)))
    drafts = [row.name for row in dossier.sectors if row.status is DecisionStatus.DRAFT]
    territory, named = terms().territory, dossier.document_rns
    negation = "ne " if named == 0 else ""
    led = "" if named is None else f" ; le document {negation}nomme {in_words(named)} RNS"
    notes = (
        f"{capital(territory.the)} est découpé{territory.e} en {counted}{led}.",
        f"{messages.of_region(dossier)}.",
        f"Sont encore des brouillons de l'outil : {listing(drafts)}."
        if drafts
        else "Aucun de ces secteurs n'est un brouillon.",
    )
    return Page(messages.of_region(dossier), blocks, spoken(notes), key="region")


def _count(shown: Dossier | SectorRow) -> int:
    """Count the zones that have lycées."""
    return sum(bool(zone.lycees) for zone in shown.zones)


def _sector_rows(dossier: Dossier) -> Iterator[Row]:
    """Yield a row for each sector, and one for all if there are several."""
    colours = {sector.id: sector.colour for sector in dossier.scene.sectors}
    sectors = [sector for sector in dossier.sectors if sector.lycees]
    for row in sectors:
        zones, lycees = _count(row), len(row.lycees)
        counted = f"{plural(zones, 'zone')}, {terms().site.counted(lycees)} · {row.status_text}"
        yield Row(
            (
                "",
                row.name,
                row.status_text,
                *leaders(row),
                str(zones),
                str(lycees),
                *mean_and_longest(row),
            ),
            inks=((2, status_ink(row)),),
            swatch=_swatch(colours.get(row.id), row.status),
            brief=Line(counted, head=row.name, ink=status_ink(row)),
        )
    if len(sectors) > 1:
        counts = (str(_count(dossier)), str(len(dossier.lycees)))
        blank = ("",) * (len(sector_columns()) - 2 - len(counts) - 2)
        yield Row(("", "Ensemble", *blank, *counts, *mean_and_longest(dossier)), total=True)


def sector_columns(columns: tuple[TableColumn, ...] = _SECTORS) -> tuple[TableColumn, ...]:
    """Return the columns of sectors, without their leaders where the territory names none."""
    heads = {column.head for column in _LED}
    return tuple(each for each in columns if has_organisation() or each.head not in heads)


def leaders(row: SectorRow) -> tuple[str, ...]:
    """Return the RNS and the support centre of a sector, if the territory says who runs it."""
    if not has_organisation():
        return ()
    return (row.rns or NOT_PUBLISHED, row.support_centre or NOT_PUBLISHED)


def _swatch(colour: str | None, status: DecisionStatus) -> Swatch | None:
    return None if colour is None else Swatch(colour, hatched=status is DecisionStatus.DRAFT)


def _sector(dossier: Dossier, sector: SectorRow, *, first: bool) -> Iterator[Page]:
    """Yield a sector: its map, its zones and their lycées; then its posts."""
    ink = AMBER if sector.status in REMARKS else INK
    picture = Picture(
        messages.alt_of_sector(sector),
        scenes=(sector.scene,),
        beside=(Table(_ZONES, tuple(_zone_rows(sector))),),
    )
    status: tuple[Block, ...] = (_status(dossier),) if first else ()
    remark = worded(REMARKS.get(sector.status, f"{capital(sector.status_text)}."))
    parts = [f"Secteur {sector.name}. {remark}"]
    for column, leader in zip(_LED, leaders(sector), strict=False):
        parts.append(f"{worded(column.head)} : {leader}.")
    if sector.chart is not None and has_organisation():
        parts.append(f"{technicians_text(sector.chart)}.")
    if sector.estimated:
        parts.append(f"* {sector.estimate_mark}.")
    blocks = (*status, Text((Line(" ".join(parts), ink=ink),)), picture)
    title = messages.of_sector(dossier, sector)
    led = f", conduit par {sector.rns}" if sector.rns else ", dont le RNS n'est pas publié"
    watched = watch_list(dossier.points_of(sector))
    counted = f"{terms().site.counted(len(sector.lycees))} en {plural(_count(sector), 'zone')}"
    notes = (
        f"Voici le secteur {sector.name}{led if has_organisation() else ''} : {counted}.",
        f"{title}.",
        ", ".join(filter(None, (watched.text, dossier.basis))) + ".",
    )
    yield Page(title, blocks, spoken(notes), key=f"s-{sector.id}")
    yield from _posts(sector)


def _zone_rows(sector: SectorRow) -> Iterator[Row]:
    """Yield a row for each zone, numbered as on the map."""
    colours = {zone.id: zone.colour for zone in sector.scene.zones}
    for zone in (zone for zone in sector.zones if zone.lycees):
        apart = sector.apart(zone)
        name = f"{zone.name} ({apart})" if apart else zone.name
        names = _named(zone)
        mean, longest = mean_and_longest(zone)
        far = f" ({longest} au plus)" if len(names) > 1 else ""
        swatch = _swatch(colours.get(zone.id), zone.status)
        yield Row(
            (str(zone.number), name, ", ".join(names[:_IN_A_ROW]), mean, longest),
            swatch=swatch,
            brief=Line(f"{', '.join(names)}{far}", head=f"{zone.number}{NBSP}{name}"),
        )
        for start in range(_IN_A_ROW, len(names), _IN_A_ROW):
            part = ", ".join(names[start : start + _IN_A_ROW])
            yield Row((str(zone.number), f"{zone.name} (suite)", part, "", ""), swatch=swatch)


def _named(zone: ZoneRow) -> list[str]:
    """Return the lycées of a zone, each with its commune if the zone's name lacks it."""
    towns = Counter(lycee.commune for lycee in zone.lycees)
    known = [part.casefold() for part in zone.name.split(" – ")]
    names = []
    for lycee in zone.lycees:
        town, name = lycee.commune.casefold(), lycee.name
        told = name.endswith(")") or town in name.casefold() or any(part in town for part in known)
        if len(towns) > 1 and not told:
            name = f"{name} ({lycee.commune})"
        star = f"★{NBSP}" if lycee.is_support else ""
        names.append(f"{star}{name}" + ("" if lycee.is_placed else " (sans position)"))
    return names


def _posts(sector: SectorRow) -> Iterator[Page]:
    """Yield the teams of the posts, if the scenario has posts."""
    chart = sector.chart
    if chart is None or not any(zone.posts for zone in chart.zones):
        return
    rows = []
    for zone in chart.zones:
        for rank, post in enumerate(zone.posts):
            lycees = ", ".join(f"{each.name} ({each.detail})" for each in post.lycees)
            rows.append(Row((zone.name if not rank else "", post.name, lycees)))
        if zone.left_out:
            names = ", ".join(each.name for each in zone.left_out)
            rows.append(Row(("" if zone.posts else zone.name, "sans poste", names)))
    title = f"Secteur {sector.name} : qui est avec qui"
    yield Page(title, (Table(_POSTS, tuple(rows)),), key=f"posts-{sector.id}", flows=True)


def _vigilance(dossier: Dossier) -> Iterator[Page]:
    """Yield the points to watch in view; information is listed and not counted."""
    watched = watch_list(dossier.points)
    if not dossier.points:
        return
    rows = tuple(
        Row((point.sentence, f"{point.kind_and_origin} ({point.status})"))
        for point in watched.counted
    )
    blocks: list[Block] = []
    if rows:
        others = ("autre point", "autres points")
        blocks.append(Table(_POINTS, rows, others=others, sheet=POINTS_SHEET))
    if watched.information:
        told = (point.sentence for point in watched.information)
        blocks.append(lines(told, title=NOT_COUNTED, sheet=POINTS_SHEET))
    places = list(dict.fromkeys(point.where for point in watched.counted))
    where = listing(places[:_NAMED]) + (" et ailleurs" if len(places) > _NAMED else "")
    notes = (
        f"{watched.text} : à surveiller, ce ne sont pas des fautes.",
        f"Ils concernent : {where}." if places else "Le plan respecte ce qui est demandé.",
        "La dernière colonne donne l'origine de chaque point.",
    )
    yield Page(watched.text, tuple(blocks), spoken(notes), key="points")


def _organisation(organisation: Organisation) -> Page:
    """Return who leads whom, who answers a request, and why, in the words of the document."""
    technician, by_site = terms().technician, terms().proximity_technician
    roles = tuple(
        Row((f"{role.name} ({role.short})" if role.short else role.name, role.count or "—"))
        for role in organisation.roles
    )
    steps = " → ".join(
        f"{level.levels} : {organisation.by_id[level.role].called}"
        for level in organisation.escalation
    )
    blocks: list[Block] = [Table(_ROLES, roles)]
    if steps:
        blocks.append(Text((Line(steps),), title="L'escalade d'une demande"))
    blocks += (Quoted(quote.text, quote.source, quote.label) for quote in organisation.principles)
    asked = f"{by_site.of_the} {terms().site.of_the}"
    led = f"les {by_site.plural}, et ceux du secteur"
    led = f"{led}, les {terms().sector_technician.plural}".rstrip(".")
    notes = (
        "Chaque secteur a un responsable numérique de secteur, le RNS.",
        f"Il encadre les {technician.plural} de proximité, {led}.",
        f"Une demande commence auprès {asked} et ne monte que si besoin.",
        source_text(organisation),
    )
    title = f"Un RNS par secteur encadre les {technician.plural} de proximité"
    return Page(title, tuple(blocks), spoken(notes), key="organisation")


def calendar_page(dossier: Dossier) -> Iterator[Page]:
    """Yield the calendar of the document, with uncertain dates in amber.

    It was planned when the document was presented: no date is shown as still to come.
    """
    steps = dossier.calendar
    if not steps:
        return
    rows = [row for step in steps for row in _date_rows(step)]
    doubts = dict.fromkeys(doubt for step in steps for doubt in step.doubts)
    blocks: list[Block] = [Table(_DATES, tuple(rows))]
    if said := (*dossier.calendar_notes, *doubts):
        blocks.append(Text(tuple(map(Line, said)), small=True))
    planned = "Calendrier prévu"
    if dossier.organisation is not None:
        planned = f"{planned} en {long_date(dossier.organisation.date).partition(' ')[2]}"
    first, last = (without_doubt(step.heading) for step in (steps[0], steps[-1]))
    span = first if len(steps) == 1 else f"{first} → {last}"
    notes = (
        f"Le déploiement va de « {first} » à « {last} ».",
        "Ce calendrier est celui du document ; l'outil ne suit pas ce qui a été fait.",
        "En ambre : ce que le document laisse incertain.",
    )
    yield Page(f"{planned} : {span}", tuple(blocks), spoken(notes), key="calendar")


def _date_rows(step: Step) -> Iterator[Row]:
    """Yield what was planned at a date, a row for all those for whom it is the same."""
    whom: dict[tuple[str, ...], list[str]] = {}
    for part, items in step.parts:
        whom.setdefault(items, []).append(part if items not in whom else inside(part))
    heading = without_doubt(step.heading)
    for items, names in (whom or {("rien de nouveau",): ["—"]}).items():
        inks = [(0, AMBER)] if READING in step.heading else []
        inks += [(2, AMBER)] if any(READING in item for item in items) else []
        planned = " ; ".join(map(without_doubt, items))
        yield Row((heading, listing(names), planned), inks=tuple(inks))
        heading = ""


#: Name of the sheet of a workbook that has a whole change.
CHANGE_SHEET = "Ce qui change"
#: Colours of figures that get worse or better; the others have the colour of the text.
_INKS = {FigureEffect.WORSE: RED, FigureEffect.BETTER: GREEN}
#: Moves up to which a slide has them all, and what else changes with them.
_MOST_MOVES = 12
#: Places where posts change that the finding names.
_MOST_PLACES = 2
_MOVES = (
    TableColumn("Secteur", 26, names=True),
    TableColumn("{Site}", 32),
    TableColumn("Zone avant", 30),
    TableColumn("Zone après", 30),
)
_FIGURES = (
    TableColumn("Effet", 22),
    TableColumn("Chiffre", 40, names=True),
    TableColumn("Avant", 14, numeric=True),
    TableColumn("Après", 14, numeric=True),
    TableColumn("Écart", 12, numeric=True),
)


#: Figures of the first page: hours, absences, posts; the page of figures has them all.
_FIRST_FIGURES = 4


def change_pages(dossier: Dossier) -> list[Page]:
    """Return the pages of what a plan changes in a view; its dossier compares two plans."""
    comparison = dossier.comparison
    assert comparison is not None  # noqa: S101 - who calls looked
    message = message_of(comparison)
    status = f"{dossier.version.dated_name}, {inside(comparison.before.versus)}"
    ink = MUTED if dossier.version.decided else AMBER
    figures = KeyFacts(headline(comparison)[:_FIRST_FIGURES])
    said = conclusion(comparison)
    blocks: list[Block] = [Text((Line(status, ink=ink),))]
    effect = comparison.region or comparison.change  # of the whole plan: losses are of lycées
    whom = tuple(_who_loses(effect))
    # what a post costs comes first
    posts = (lines((message.posts,)),) if message.posts and _tells_posts(message) else ()
    subject = zones_in_view(dossier)
    if subject:
        scenes = near_changes(comparison.scene, dossier.scene, subject)
        key = () if scenes[1].change is None else scenes[1].change.zones
        if not key and comparison.moves:  # too many zones for numbers on the maps
            said = (" ".join((*said, messages.named_later(len(subject)))),)
        pair = Picture(
            messages.alt_of_pair(comparison, dossier.version.name),
            scenes=scenes,
            captions=("Avant", "Après"),
            key=key,
            beside=(*whom, *posts, figures, lines(said)),
        )
        blocks.append(pair)
    else:
        blocks += (*whom, *posts, figures, lines(said))
    if dossier.feedback_line:
        blocks.append(lines((dossier.feedback_line,)))
    if dossier.asked:
        asked = Line(inside(dossier.asked[0]), head="Ce qui est demandé :")
        blocks.append(Text((asked,)))
    beside = (message.drives, message.without_rns, message.whole)
    notes = (f"{message.title}.", *beside, message.verdict)
    return [
        Page(message.title, tuple(blocks), spoken(notes), key="finding"),
        *_moves(dossier, comparison),
        *_figures(comparison),
        *_points(dossier, comparison),
        *feedback_page(dossier),
        *decision_page(dossier, headline(comparison), conclusion(comparison)),
        sources_page(dossier),
    ]


def _who_loses(effect: Effect) -> Iterator[Text]:
    """Yield who loses, in few words."""
    if told := effect.lost_in_short:
        yield Text(tuple(Line(typeset(one), ink=RED) for one in told), title="Qui y perd")


def headline(comparison: PlanComparison) -> tuple[Fact, ...]:
    """Return the figures that tell every change, always all and in the same order."""
    return tuple(map(_fact, comparison.headline))


def _fact(change: Change) -> Fact:
    value = change.arrow(change.told_digits)
    ink = _INKS.get(effect_on(change), INK)
    name = f"{capital(change.metric.short)}{scope_of(change)}"
    return Fact(name, value, not change.is_same, ink)


def conclusion(comparison: PlanComparison) -> tuple[str, ...]:
    """Return the effect on the whole plan of a view of a part and who pays, else the judgement.

    The effect on the whole ends with that judgement.
    """
    message = message_of(comparison)
    told = (message.whole or message.verdict, comparison.elsewhere)
    return tuple(filter(None, told))


def _tells_posts(message: ChangeMessage) -> bool:
    """Tell whether the finding names the few places where posts change: its title may do so."""
    return message.posts.count(";") < _MOST_PLACES and not _names_posts(message)


def _names_posts(message: ChangeMessage) -> bool:
    """Tell whether the title says where posts change."""
    return message.posts.removesuffix(".") in message.title


def _moves(dossier: Dossier, comparison: PlanComparison) -> Iterator[Page]:
    """Yield the lycées that move, by sector; what else changes, and why."""
    message = message_of(comparison)
    effect = comparison.region or comparison.change
    posts = () if _tells_posts(message) or _names_posts(message) else (message.posts,)
    told = (
        *posts,
        *comparison.also,
        message.tis,
        message.drives,
        message.without_rns,
        *comparison.others,
        *(f"Pourquoi : {reason}" for reason in dossier.reasons),
    )
    gained = " ; ".join(effect.gained_in_short)
    gains = (Line(gained, head="Y gagnent :", ink=GREEN),) if gained else ()
    further = Text((*gains, *map(Line, filter(None, told))), small=True, sheet=CHANGE_SHEET)
    notes = spoken(messages.what_changes(comparison))
    if comparison.moves:
        site, few = terms().site, len(comparison.moves) <= _MOST_MOVES
        counted = (f"autre {site}", f"autres {site.plural}")
        rows = tuple(_move_rows(dossier, comparison))
        table = Table(_MOVES, rows, others=counted if few else None, sheet=CHANGE_SHEET)
        short = len(comparison.moves) + len(further.lines) <= _MOST_MOVES
        beside = (further,) if short and further.lines else ()
        title = messages.of_moves(comparison.moves)
        yield Page(title, (table, *beside), notes, key="moves", flows=True)
        if beside:
            return
    if further.lines:
        title = "Ce qui change aussi" if comparison.moves else "Ce qui est proposé"
        notes = spoken([line.text for line in further.lines]) if comparison.moves else notes
        yield Page(title, (further,), notes, key="further", flows=True)


def _move_rows(dossier: Dossier, comparison: PlanComparison) -> Iterator[Row]:
    """Yield a row for each lycée that moves, its sector in the colour of its status."""
    sectors = {sector.name: sector for sector in dossier.sectors}
    for move, cells in messages.rows_of_moves(dossier, comparison):
        row = sectors.get(move.sector)
        yield Row(cells, inks=() if row is None else ((0, status_ink(row)),))


def _figures(comparison: PlanComparison) -> Iterator[Page]:
    """Yield every figure that changes, those that worsen first."""
    changed = comparison.changed_figures
    if not changed:
        return
    worse, better = (
        sum(effect_on(change) is effect for change in changed)
        for effect in (FigureEffect.WORSE, FigureEffect.BETTER)
    )
    told = worst_first(dict.fromkeys((*changed, *comparison.headline)))
    rows = tuple(map(figure_row, told))
    figures = Table(_FIGURES, rows, others=("autre chiffre", "autres chiffres"), sheet=CHANGE_SHEET)
    said = messages.of_figures(worse, better, comparison.place)
    title = ", ".join(filter(None, (said, comparison.earlier.basis)))
    notes = (f"{comparison.title}.", *message_of(comparison).figures)
    yield Page(title, (figures,), spoken(notes), key="figures", flows=True)


def figure_row(change: Change) -> Row:
    """Return a row: what the change does to the figure, its name, both values, the difference."""
    effect = effect_on(change)
    ink = _INKS.get(effect, INK)
    label = f"{change.metric.file_label}{scope_of(change)}"
    cells = (str(effect), label, change.before_text, change.after_text, change.difference_text)
    return Row(cells, inks=((0, ink), (4, ink)))


def _points(dossier: Dossier, comparison: PlanComparison) -> Iterator[Page]:
    """Yield the points to watch that are new, worse, then lifted."""
    points = comparison.points
    if points.lines:
        brought = frozenset(points.brought)
        told = tuple(Line(one, ink=AMBER if one in brought else INK) for one in points.lines)
        title = messages.of_alerts(comparison, dossier.points)
        notes = spoken((message_of(comparison).points, *points.lines))
        others = ("autre point", "autres points")
        text = Text(told, others=others, sheet=CHANGE_SHEET)
        yield Page(title, (text,), notes, key="alerts", flows=True)


def report_of(dossier: Dossier) -> ReportPages:
    """Return the report of a view: what a plan changes there, else the plan itself."""
    pages = change_pages(dossier) if tells_change(dossier) else plan_pages(dossier)
    return ReportPages(dossier.title, tuple(pages))
