"""Interactive map as one HTML file, which works from a USB stick without any network."""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from geozones.common.french import NBSP, inside, plural
from geozones.domain import DecisionStatus
from geozones.domain.terms import has_organisation, terms, worded
from geozones.export.blocks import (
    Bars,
    Block,
    KeyFacts,
    Page,
    Picture,
    Quoted,
    Row,
    Table,
    Text,
)
from geozones.export.dossier import (
    NOT_COUNTED,
    Dossier,
    LyceeRow,
    PlanInView,
    PointRow,
    SectorRow,
    ZoneRow,
)
from geozones.export.file_parts import document, legend_items, lettered, map_signs, swatch_of
from geozones.export.messages import guess_of
from geozones.export.organisation import (
    STYLE,
    names_remark,
    quotes_html,
    sector_html,
    whole_html,
)
from geozones.export.reports import calendar_page, change_pages, feedback_page, leaders
from geozones.metrics import MetricPlace, shown_in, written
from geozones.metrics.metric_registry import watch_list
from geozones.render import Scene, ZoneArea
from geozones.render.library import dumps
from geozones.render.signs import pill_css
from geozones.render.standalone_map import in_script, map_script, map_style, scenes_json

#: Pages of a change that are elsewhere on the page.
_ELSEWHERE = frozenset({"feedback", "sources"})
_CHANGED = '<span class="pill changed">modifiée</span>'


def sector_details(row: SectorRow, *, opened: bool) -> str:
    """Return a sector as a collapsible element: status, figures, zones and their lycées."""
    zones = [zone for zone in row.zones if zone.lycees]
    facts = [
        *zip(("RNS", worded("{Support_centre}")), leaders(row), strict=False),
        *(
            (record.short, record.write(row.values[record.key], 0))
            for record in shown_in(MetricPlace.SUMMARY)
        ),
    ]
    if row.values["support_mean_minutes"] is not None:
        mean, longest = "support_mean_minutes", "support_max_minutes"
        far = f"{written(row.values, mean, 0)}, au plus {written(row.values, longest)}"
        facts.append((worded("Depuis {the_support_centre}"), far))
    if row.estimated:
        facts.append(("Durées", row.estimate_mark))
    known = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts)
    areas = {area.id: area for area in row.scene.zones}
    listed = "".join(_zone(zone, row.status, areas.get(zone.id)) for zone in zones)
    marks = f"<small>{escape(row.marks)}</small>" if row.marks else ""
    count = f"{terms().site.counted(len(row.lycees))}, {plural(len(zones), 'zone')}"
    return (
        f'<details class="sector" data-sector="{escape(row.id)}"{" open" if opened else ""}>'
        f"<summary><span><strong>{escape(row.name)}</strong>"
        f"{status_pill(row.status, changed=bool(row.marks))}{marks}<small>{count}</small></span>"
        "</summary>"
        f'<dl class="facts">{known}</dl>{listed}</details>'
    )


def status_pill(status: DecisionStatus, *, changed: bool = False) -> str:
    """Return the badge of a status, which may be of something ``changed``."""
    style = pill_css(status, changed=changed)
    return f'<span class="pill" style="{style}">{status.label}</span>'


def _zone(row: ZoneRow, status: DecisionStatus, area: ZoneArea | None) -> str:
    """Return a zone under its number, with its status if it differs from its sector's."""
    look = "" if area is None else swatch_of(area)
    guess = f" ({row.estimate_mark})" if row.estimated else ""
    far = (
        f" · {written(row.values, 'mean_minutes', 0)} en moyenne, "
        f"{written(row.values, 'max_minutes')} au plus{guess}"
        if row.farthest
        else " · pas de relève dans la zone"
    )
    apart = status is not row.status
    text = (status_pill(row.status, changed=row.changed) if apart else "") + (
        _CHANGED if row.changed else ""
    )
    alerts = "".join(f"<li>{escape(alert)}</li>" for alert in row.alerts)
    heads = "".join(
        f'<th scope="col">{escape(worded(head))}</th>' for head in ("{Site}", "Commune", "Relève")
    )
    return (
        f'<details class="zone" data-zone="{escape(row.id)}"><summary>'
        f'<i class="swatch" style="{escape(look)}" aria-hidden="true"></i>'
        f"<span><strong>{row.number}{NBSP}{escape(row.name)}</strong>{text}"
        f"<small>{escape(terms().site.counted(len(row.lycees)) + far)}</small></span></summary>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>"
        f"{''.join(map(_lycee, row.lycees))}</tbody></table>"
        f"{f'<ul class=alerts>{alerts}</ul>' if alerts else ''}</details>"
    )


def _lycee(row: LyceeRow) -> str:
    support = escape(str(terms().support_centre))
    star = f' <span class="star" title="{support}">★</span>' if row.is_support else ""
    note = f"<small>{escape(row.note)}</small>" if row.note else ""
    if row.printed:
        note = f"<small>{escape(f'« {row.printed} »')}</small>{note}"
    came = "—"
    if row.releve_minutes is not None:
        came = f"{row.releve_text}, {row.releve_from}"
    return (
        f'<tr data-lycee="{escape(row.id)}"><th scope="row"><button type="button">'
        f"{escape(row.name)}</button>{star}<small>{escape(row.id)}</small>{note}</th>"
        f"<td>{escape(row.commune)}</td><td>{escape(came)}</td></tr>"
    )


def watched(points: Sequence[PointRow]) -> str:
    """Return the points to watch as a collapsible list; nothing without points."""
    if not points:
        return ""
    known = watch_list(points)
    return (
        f'<details class="points"><summary><strong>{escape(known.text)}</strong></summary>'
        f"{_listed(known.counted)}"
        + (f"<p>{NOT_COUNTED}</p>{_listed(known.information)}" if known.information else "")
        + "</details>"
    )


def _listed(points: Sequence[PointRow]) -> str:
    return f'<ul class="alerts">{"".join(map(_point, points))}</ul>' if points else ""


def _point(point: PointRow) -> str:
    kind = "" if point.is_alert else ' class="info"'
    sentence = escape(point.sentence)
    if point.zone_id:
        sentence = f'<button type="button" data-point="{escape(point.zone_id)}">{sentence}</button>'
    text = f"{point.kind_and_origin} · {point.status}"
    return f"<li{kind}>{sentence}<small>{escape(text)}</small></li>"


_HERE = Path(__file__).parent
_LAYERS = (("lycees", "{Sites}"), ("labels", "Noms"), ("departements", "Départements"))


def page(dossier: Dossier) -> bytes:
    """Return the view as an HTML document, UTF-8; the same dossier gives the same bytes."""
    scenes = _scenes_of(dossier, "after")
    if dossier.comparison is not None:
        scenes |= _scenes_of(dossier.comparison.earlier, "before")
    data = scenes_json(scenes, dossier.ground)
    own = (_HERE / "html.js").read_text(encoding="utf-8")
    site = terms().site
    found = {"one": f"{site} trouvé", "more": f"{site.plural} trouvés"}
    first = dumps({"zones": sorted(dossier.scene.selected_zones), "found": found})
    script = "\n".join((map_script(), in_script(own), lettered(f"interactive({data}, {first})")))
    own_style = (_HERE / "html.css").read_text(encoding="utf-8")
    style = "\n".join((map_style(), own_style, STYLE.read_text(encoding="utf-8")))
    return document(f"{dossier.title} – {dossier.version.name}", style, _body(dossier), script)


def _scenes_of(shown: PlanInView, when: str) -> dict[str, Scene]:
    """Return the scenes of a plan: the view, and each sector if there are several."""
    scenes = {f"{when} view": shown.scene}
    if len(shown.sectors) > 1:
        scenes |= {f"{when} sector {row.id}": row.scene for row in shown.sectors if row.lycees}
    return scenes


def _body(dossier: Dossier) -> str:
    identity = f"Plan : {dossier.version.full_name}."
    sources = "".join(f"<li>{escape(source)}</li>" for source in (identity, *dossier.sources))
    opened = len([row for row in dossier.sectors if row.lycees]) == 1
    everything = worded("{Whole_territory}")
    whole = "" if opened else f'<button type="button" id="whole">{everything}</button>'
    earlier = "" if dossier.comparison is None else _state(dossier.comparison.earlier, "before")
    signs = map_signs(limits=bool(dossier.ground.departements))
    legend = legend_items(signs, dossier.scene.zones)
    # a scenario changes neither the organisation nor the calendar
    plan_only = ""
    if dossier.comparison is None:
        plan_only = f"{_organisation(dossier)}{_calendar(dossier)}"
    # the pages of the change but its maps, which the page has, and its sources
    if dossier.comparison is None:
        compared = ""
    else:
        pages = [page for page in change_pages(dossier) if page.key not in _ELSEWHERE]
        compared = f"<h2>{escape(dossier.comparison.title)}</h2>" + "".join(map(_page, pages))
    return f"""
<header>
<div><h1>{escape(dossier.title)}</h1><p>{escape(dossier.version.dated_name)}</p></div>
{_warnings(dossier)}
</header>
<main>
<section id="place" aria-label="Carte">
<div id="map"></div>
<div id="tools">{whole}{_before_after(dossier)}{_layers(dossier)}</div>
</section>
<section id="panel" aria-label="Secteurs, zones et {terms().site.plural}" tabindex="0">
<label class="search">Chercher {terms().site.a} ou une commune
<input type="search" id="search" autocomplete="off"></label>
<p id="found" role="status"></p>
{_state(dossier, "after")}{earlier}{compared}
{"".join(map(_page, feedback_page(dossier)))}
{plan_only}
<h2>Légende</h2><ul id="legend">{legend}</ul>
<h2>Sources</h2><ul class="sources">{sources}</ul>
</section>
</main>"""


def _state(shown: PlanInView, when: str) -> str:
    """Return the figures, sectors and points to watch of a plan; the previous plan's are hidden."""
    sectors = [row for row in shown.sectors if row.lycees]
    listed = "".join(sector_details(row, opened=len(sectors) == 1) for row in sectors)
    named = f'<p class="when">{escape(f"Avant : {shown.version.dated_name}")}</p>'
    return (
        f'<div data-when="{when}"{"" if when == "after" else " hidden"}>'
        f"{'' if when == 'after' else named}"
        f"{_figures(shown)}{listed}{watched(shown.points)}{_unplaced(shown.unplaced)}</div>"
    )


def _warnings(dossier: Dossier) -> str:
    lines = []
    if dossier.has_drafts:
        lines.append(worded("Hachuré : brouillon de l'outil{no_decision}"))
    if not dossier.version.decided:
        lines.append("Scénario non décidé")
    return "".join(f'<p class="badge">{escape(text)}</p>' for text in lines)


def _figures(shown: PlanInView) -> str:
    site = terms().site
    zones = [zone for zone in shown.zones if zone.lycees]
    cells = (
        (str(len(shown.lycees)), site.plural if len(shown.lycees) > 1 else site.singular),
        (str(len(zones)), "zones de continuité" if len(zones) > 1 else "zone de continuité"),
        *(
            (
                record.write(shown.values[record.key], 0),
                ", ".join(filter(None, (inside(record.label), guess_of(shown, record.key)))),
            )
            for record in shown_in(MetricPlace.SUMMARY)
        ),
    )
    body = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for value, label in cells
    )
    return f'<dl class="figures">{body}</dl>'


def _organisation(dossier: Dossier) -> str:
    """Return the chart of the sectors in view, and the document's organisation."""
    if not has_organisation():
        return ""
    charts = "".join(
        f"<details><summary><strong>Secteur {escape(row.name)}</strong>"
        f"{status_pill(row.status, changed=bool(row.marks))}</summary>"
        f"{sector_html(row.chart)}</details>"
        for row in dossier.sectors
        if row.chart is not None and row.lycees
    )
    whole = ""
    if dossier.organisation is not None and len(dossier.sectors) > 1:
        whole = (
            "<details><summary><strong>L'ensemble, d'après le document</strong></summary>"
            f"{whole_html(dossier.organisation)}{quotes_html(dossier.organisation)}</details>"
        )
    note = f'<p class="org-source">{escape(names_remark())}</p>'
    return f"<h2>Organisation</h2>{whole}{charts}{note}" if charts or whole else ""


def _calendar(dossier: Dossier) -> str:
    """Return the calendar of deployment."""
    told = "".join(
        f"<details><summary><strong>{escape(page.title)}</strong></summary>"
        f"{''.join(map(_block, page.blocks))}</details>"
        for page in calendar_page(dossier)
    )
    return f"<h2>Calendrier</h2>{told}" if told else ""


def _unplaced(lycees: Iterable[LyceeRow]) -> str:
    names = "".join(f"<li>{escape(lycee.name)} ({escape(lycee.commune)})</li>" for lycee in lycees)
    heading = "Sans position, absents de la carte"
    return f"<h2>{heading}</h2><ul>{names}</ul>" if names else ""


def _page(page: Page) -> str:
    return f"<h3>{escape(page.title)}</h3>" + "".join(map(_block, page.blocks))


def _block(block: Block) -> str:
    """Return a block; a table scrolls, the cells that name its rows are their headers."""
    match block:
        case Text():
            title = f"<h4>{escape(block.title)}</h4>" if block.title else ""
            told = _items(line.whole for line in block.lines)
            if block.small:
                told = told.replace("<ul>", '<ul class="sources">', 1)
            return title + told
        case KeyFacts():
            told = "".join(
                f"<div><dt>{escape(fact.label)}</dt><dd>{escape(fact.value)}</dd></div>"
                for fact in block.facts
            )
            return f'<dl class="figures">{told}</dl>'
        case Table():
            heads = "".join(
                f'<th scope="col">{escape(worded(column.head))}</th>' for column in block.columns
            )
            rows = "".join(_row(block, row) for row in block.rows)
            return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        case Picture():
            return "".join(map(_block, block.beside))
        case Quoted():
            return f"<blockquote>{escape(block.text)}</blockquote>"
        case Bars():
            return _block(block.table)


def _row(table: Table, row: Row) -> str:
    inks, cells = dict(row.inks), []
    for rank, (text, column) in enumerate(zip(row.texts, table.columns, strict=True)):
        tag, scope = ("th", ' scope="row"') if column.names else ("td", "")
        ink = f' style="color:#{inks[rank]}"' if rank in inks else ""
        cells.append(f"<{tag}{scope}{ink}>{escape(text)}</{tag}>")
    return f"<tr>{''.join(cells)}</tr>"


def _items(lines: Iterable[str]) -> str:
    """Return sentences as a list, or one as a paragraph."""
    told = [escape(line) for line in lines]
    if len(told) == 1:
        return f"<p>{told[0]}</p>"
    return f"<ul>{''.join(f'<li>{line}</li>' for line in told)}</ul>" if told else ""


def _before_after(dossier: Dossier) -> str:
    if dossier.comparison is None:
        return ""
    name = dossier.version.name
    pairs = (
        ("before", f"Avant : {dossier.comparison.before.name}"),
        ("after", f"Après : {name}"),
    )
    return "".join(
        f'<label><input type="radio" name="when" value="{value}"'
        f"{' checked' if value == 'after' else ''}> {escape(label)}</label>"
        for value, label in pairs
    )


def _layers(dossier: Dossier) -> str:
    """Return the boxes of the layers that the map has."""
    return "".join(
        f'<label><input type="checkbox" data-layer="{name}" checked> {escape(worded(text))}</label>'
        for name, text in _LAYERS
        if name != "departements" or dossier.ground.departements
    )
