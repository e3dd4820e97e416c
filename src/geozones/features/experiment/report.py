"""Report of a bilan: finding, decisions, figures, areas, hypotheses; then each sector."""

from collections.abc import Iterator, Mapping
from pkgutil import resolve_name
from types import MappingProxyType

from geozones.common.french import capital, inside
from geozones.domain.field_journal import Journal
from geozones.domain.terms import worded
from geozones.export import messages
from geozones.export.blocks import (
    Bar,
    Bars,
    Block,
    Line,
    Page,
    Picture,
    ReportPages,
    Row,
    Table,
    TableColumn,
    Text,
    lines,
    spoken,
)
from geozones.export.dossier import Dossier
from geozones.export.reports import feedback_page
from geozones.features.experiment import model
from geozones.features.experiment.model import Bilan, BilanLine, bilan_of
from geozones.features.experiment.observed import OUTSIDE
from geozones.workspace.figures.study import Study

_BAR_KEY = (
    "Barre : intervalle à 95 % ; point : observé ; trait : attendu. Chaque échelle part de zéro. "
)
#: Shares of the width of `model.PART_HEADS`, the number of requests and each figure.
_SHARES = (14, 24, 24, 19, 18, 22, 22)
#: Ends of a scale, as multiples of what it must show.
_TWICE, _MARGIN, _ALONE = 2.0, 1.05, 1.25


#: What writes a report, by file extension: module of exports and function, ``module:function``,
#: imported at first use. The page shows the bilan without the libraries of its files.
WRITERS = {"pdf": "pdf:pdf", "pptx": "deck:deck_of", "xlsx": "xlsx:report_book"}


def bilan_file(dossier: Dossier, report: ReportPages, end: str) -> bytes:
    """Return a report as a file of an extension of `WRITERS`; raise ``ExportError``."""
    made: bytes = resolve_name(f"geozones.export.{WRITERS[end]}")(dossier, report)
    return made


def bilan_report(
    study: Study,
    journal: Journal,
    dossier: Dossier,
    sector: str | None = None,
    retained: Mapping[str, str] = MappingProxyType({}),
) -> ReportPages:
    """Return the bilan of the whole and of each sector with rows, or of one sector (id).

    ``dossier`` is the dossier of the view, ``retained`` the hypotheses that the scenario retains,
    by name.
    """
    bilan = bilan_of(study, journal, sector=sector)
    subject = f"Bilan de l'expérimentation : {bilan.area.name}"
    about = f"{subject}. {capital(bilan.period_text)}. {dossier.version.dated_name}"
    asked = lines(bilan.decisions, title=model.DECISIONS_TITLE)
    blocks: tuple[Block, ...] = (Text((Line(about),)), *([asked] if bilan.decisions else []))
    pages = [
        Page(bilan.title, blocks, spoken((f"{bilan.title}.", *bilan.decisions)), key="Bilan"),
        _figures(bilan),
        _map(dossier, bilan, sector),
        _parts(study, bilan),
        _hypotheses(study, journal, retained),
        *feedback_page(dossier),
        *(_sectors(study, journal) if sector is None else ()),
    ]
    warning = model.INVENTED_NOTICE if bilan.invented else ""
    return ReportPages(subject, tuple(pages), warning=warning)


def _sectors(study: Study, journal: Journal) -> Iterator[Page]:
    """Yield the zones of each sector with rows, under its finding."""
    for sector_id in model.recorded(study, model.observer(study, journal)):
        bilan = bilan_of(study, journal, sector=sector_id)
        yield _parts(study, bilan, inside(bilan.title))


def _figures(bilan: Bilan) -> Page:
    title = f"{bilan.area.title} : attendu et observé"
    bars = Bars(tuple(map(_bar, bilan.lines)), _BAR_KEY + model.RATE_NOTE)
    notes = (f"{title}.", *(f"{bar.described}." for bar in bars.bars))
    return Page(title, (bars,), spoken(notes), key="Chiffres", flows=True)


def _bar(line: BilanLine) -> Bar:
    """Return a figure on its own scale, which begins at 0.

    What was expected is in the middle, unless the figure is more than twice as much, so that bars
    below one another show which figures are farthest from it.
    """
    estimate, hoped, counted = line.estimate, line.hoped, line.counted
    most = max(estimate.value, estimate.high or 0.0)
    end = max(_TWICE * hoped, _MARGIN * most) if hoped else _ALONE * most
    end = end or 1.0
    told = [f"observé {line.observed}"]
    told += [f"intervalle à 95 % de {line.interval}"] if line.interval else []
    told += [f"attendu {line.expected}"] if line.expected else []
    return Bar(
        line.figure.label,
        line.observed,
        line.interval,
        line.expected,
        line.verdict.value,
        counted,
        f"{line.figure.label} : {', '.join(told)}, d'après {counted}",
        estimate.value / end,
        None if estimate.low is None else estimate.low / end,
        None if estimate.high is None else estimate.high / end,
        None if hoped is None else hoped / end,
        line.verdict in OUTSIDE,
    )


def _map(dossier: Dossier, bilan: Bilan, sector: str | None) -> Page:
    """Return the usual map of the view: a zone has the same number there and in the tables."""
    title, described = f"{bilan.area.title} : les secteurs", messages.alt_of_region(dossier)
    if sector is not None:
        title = f"{bilan.area.title} : les zones"
        described = messages.alt_of_sector(dossier.sectors[0])
    picture = Picture(described, scenes=(dossier.scene,))
    return Page(title, (picture,), spoken((f"{title}.",)), key="Carte", flows=True)


def _parts(study: Study, bilan: Bilan, told: str = "") -> Page:
    """Return the table of the parts of an area, then the whole area, under a finding if given."""
    what, area = worded(model.PART_NAMES[bilan.area.kind]), bilan.area.title
    columns = [TableColumn(capital(what), 30, names=True)]
    columns += [
        TableColumn(head, share, numeric=True)
        for head, share in zip(model.PART_HEADS, _SHARES, strict=True)
    ]
    rows = []
    for part, seen in bilan.parts:
        name = part.title.removeprefix(f"{capital(what)} ")
        if part.kind == "zone":
            name = f"{study.zone_numbers[part.key]}. {name}"
        rows.append(Row((name, *model.part_cells(seen))))
    rows.append(Row((area, *model.part_cells(bilan.seen)), total=True))
    key = f"Par {what} {area}"
    blocks: list[Block] = [Table(tuple(columns), tuple(rows))]
    if not told:
        blocks.append(lines([worded(model.PART_UNITS)]))
    title = f"{area} : {told or f'observé, par {what}'}"
    return Page(title, tuple(blocks), spoken((f"{title}.", *bilan.counts)), key=key, flows=True)


def _hypotheses(study: Study, journal: Journal, retained: Mapping[str, str]) -> Page:
    columns = (
        TableColumn("Hypothèse", 24, names=True),
        TableColumn("Supposé", 18),
        TableColumn("Observé", 36),
        TableColumn("Retenu", 44),
    )
    rows = model.hypothesis_rows(study, model.observer(study, journal))
    cells = (
        (
            row.label,
            row.supposed,
            row.observed or "—",
            retained.get(row.name) or row.why_not or "non",
        )
        for row in rows
    )
    title = "Hypothèses, d'après tout le journal"
    table = Table(columns, tuple(map(Row, cells)))
    notes = (f"{title}.", *retained.values())
    return Page(title, (table,), spoken(notes), key="Hypothèses", flows=True)
