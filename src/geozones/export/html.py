"""Interactive map as one HTML file, which works from a USB stick without any network."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from geozones.common.french import inside
from geozones.domain.terms import terms, worded
from geozones.export import sentences
from geozones.export.change_message import message_of
from geozones.export.dossier import Dossier, LyceeRow, PlanInView
from geozones.export.estimates import guess_of
from geozones.export.html_sectors import sector_details, status_pill
from geozones.export.html_vigilance import watched
from geozones.export.messages import FEEDBACK_TITLE
from geozones.export.organisation import (
    STYLE,
    TOOLS_NAMES,
    quotes_html,
    sector_html,
    whole_html,
)
from geozones.export.page import document, legend_items
from geozones.export.text import typeset
from geozones.metrics import MetricPlace, shown_in
from geozones.render import Scene
from geozones.render.library import dumps
from geozones.render.standalone_map import in_script, map_script, map_style, scenes_json

_HERE = Path(__file__).parent
_LAYERS = (("lycees", "{Sites}"), ("labels", "Noms"), ("departements", "Départements"))
_LEGEND = (
    ("dot", "{site}"),
    ("star", "{support_centre}"),
    ("dotted", "limite de département"),
)


def page(dossier: Dossier) -> bytes:
    """Return the view as an HTML document, UTF-8; the same dossier gives the same bytes.

    Raises
    ------
    DataFileError
        If the installation lacks the files of the map.
    """
    data = scenes_json(_scenes(dossier), dossier.ground)
    own = (_HERE / "html.js").read_text(encoding="utf-8")
    site = terms().site
    found = {"one": f"{site} trouvé{site.e}", "more": f"{site.plural} trouvé{site.e}s"}
    first = dumps({"zones": sorted(dossier.scene.selected_zones), "found": found})
    script = "\n".join((map_script(), in_script(own), f"interactive({data}, {first});"))
    own_style = (_HERE / "html.css").read_text(encoding="utf-8")
    style = "\n".join((map_style(), own_style, STYLE.read_text(encoding="utf-8")))
    return document(f"{dossier.title} – {dossier.version.name}", style, _body(dossier), script)


def _scenes(dossier: Dossier) -> dict[str, Scene]:
    """Return the scenes of the page: the view, each sector; and the same before."""
    scenes = _scenes_of(dossier, "after")
    if dossier.comparison is not None:
        scenes |= _scenes_of(dossier.comparison.earlier, "before")
    return scenes


def _scenes_of(shown: PlanInView, when: str) -> dict[str, Scene]:
    scenes = {f"{when} view": shown.scene}
    if len(shown.sectors) > 1:
        scenes |= {f"{when} sector {row.id}": row.scene for row in shown.sectors if row.lycees}
    return scenes


def _body(dossier: Dossier) -> str:
    sources = "".join(f"<li>{escape(source)}</li>" for source in dossier.sources)
    opened = len([row for row in dossier.sectors if row.lycees]) == 1
    whole = "" if opened else '<button type="button" id="whole">Toute la région</button>'
    earlier = "" if dossier.comparison is None else _state(dossier.comparison.earlier, "before")
    return f"""
<header>
<div><h1>{escape(dossier.title)}</h1><p>{escape(typeset(dossier.version.full_name))}</p></div>
{_warnings(dossier)}
</header>
<main>
<section id="place" aria-label="Carte">
<div id="map"></div>
<div id="tools">{whole}{_before_after(dossier)}{_layers()}</div>
</section>
<section id="panel" aria-label="Secteurs, zones et {terms().site.plural}" tabindex="0">
<label class="search">Chercher {terms().site.a} ou une commune
<input type="search" id="search" autocomplete="off"></label>
<p id="found" role="status"></p>
{_state(dossier, "after")}{earlier}{_compared(dossier)}
{_titled(FEEDBACK_TITLE, dossier.feedback)}
{_organisation(dossier)}{_calendar(dossier)}
<h2>Légende</h2><ul id="legend">{legend_items(_LEGEND, dossier.scene.zones)}</ul>
<h2>Sources</h2><ul class="sources">{sources}</ul>
</section>
</main>"""


def _state(shown: PlanInView, when: str) -> str:
    """Return the figures, sectors and points to watch of a plan; the previous plan's are hidden."""
    sectors = [row for row in shown.sectors if row.lycees]
    listed = "".join(sector_details(row, opened=len(sectors) == 1) for row in sectors)
    named = f'<p class="when">{escape(typeset(f"Avant : {shown.version.full_name}"))}</p>'
    return (
        f'<div data-when="{when}"{"" if when == "after" else " hidden"}>'
        f"{'' if when == 'after' else named}"
        f"{_figures(shown)}{listed}{watched(shown.points)}{_unplaced(shown.unplaced)}</div>"
    )


def _warnings(dossier: Dossier) -> str:
    lines = []
    if dossier.has_drafts:
        decision = f"décision {terms().organisation.of_the}"
        lines.append(f"Hachuré : brouillon de l'outil, pas une {decision}")
    if not dossier.version.decided:
        lines.append("Scénario non décidé")
    return "".join(f'<p class="badge">{escape(typeset(text))}</p>' for text in lines)


def _figures(shown: PlanInView) -> str:
    note = f" ({shown.peak_note})" if shown.peak_note else ""
    site = terms().site
    zones = [zone for zone in shown.zones if zone.lycees]
    cells = (
        (str(len(shown.lycees)), site.plural if len(shown.lycees) > 1 else site.singular),
        (str(len(zones)), "zones de continuité" if len(zones) > 1 else "zone de continuité"),
        *(
            (
                record.write(shown.values[record.key], 0),
                ", ".join(filter(None, (inside(record.label) + note, guess_of(shown, record.key)))),
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
    if dossier.is_of_zone:  # a view of one zone does not show its sector
        return ""
    charts = "".join(
        f"<details><summary><strong>Secteur {escape(row.name)}</strong>"
        f"{status_pill(row.status)}</summary>"
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
    note = f'<p class="org-source">{escape(typeset(TOOLS_NAMES))}</p>'
    return f"<h2>Organisation</h2>{whole}{charts}{note}" if charts or whole else ""


def _calendar(dossier: Dossier) -> str:
    """Return the calendar of deployment, with uncertain dates marked."""
    if not dossier.calendar:
        return ""
    dates = "".join(
        f"<h3>{escape(typeset(step.heading))}</h3><ul>"
        + "".join(
            f"<li><strong>{escape(typeset(whom))}</strong> : "
            f"{escape(typeset(' ; '.join(actions)))}</li>"
            for whom, actions in step.parts
        )
        + "</ul>"
        for step in dossier.calendar
    )
    doubts = dict.fromkeys(doubt for step in dossier.calendar for doubt in step.doubts)
    notes = "".join(
        f"<li>{escape(typeset(note))}</li>" for note in (*dossier.calendar_notes, *doubts)
    )
    return (
        "<h2>Calendrier</h2><details><summary><strong>Calendrier de déploiement</strong></summary>"
        f'<div class="calendar">{dates}</div><ul class="sources">{notes}</ul></details>'
    )


def _unplaced(lycees: Iterable[LyceeRow]) -> str:
    names = "".join(f"<li>{escape(lycee.name)} ({escape(lycee.commune)})</li>" for lycee in lycees)
    return f"<h2>Sans position, absents de la carte</h2><ul>{names}</ul>" if names else ""


def _compared(dossier: Dossier) -> str:
    comparison = dossier.comparison
    if comparison is None:
        return ""
    changes = "".join(
        f'<tr><th scope="row">{escape(change.metric.label)}</th>'
        f"<td>{escape(change.before_text)}</td><td>{escape(change.after_text)}</td>"
        f"<td>{escape(change.text)}</td></tr>"
        for change in comparison.changes
    )
    moves = "".join(
        f'<tr><th scope="row">{escape(move.lycee)}</th><td>{escape(move.before or "—")}</td>'
        f"<td>{escape(move.after or '—')}</td></tr>"
        for move in comparison.moves
    )
    lede = "".join(f"<p>{escape(line)}</p>" for line in message_of(comparison).lines)
    what = escape(typeset(f"Ce qui change {comparison.before.versus}"))
    return (
        f"<h2>{what}</h2>{lede}"
        f"<ul>{_items((*sentences.what_changes(comparison), *comparison.sentences))}</ul>"
        + _titled("Points de vigilance nouveaux ou aggravés", comparison.new_points)
        + _titled("Points de vigilance levés", comparison.gone_points)
        + _table(("Chiffre", "Avant", "Après", "Écart"), changes)
        + (_table((worded("{Site}"), "Avant", "Après"), moves) if moves else "")
        + _titled("Pourquoi", dossier.reasons)
        + _titled("Ce qui est à décider", dossier.asked)
    )


def _items(lines: Iterable[str]) -> str:
    return "".join(f"<li>{escape(typeset(line))}</li>" for line in lines)


def _titled(title: str, lines: Iterable[str]) -> str:
    """Return a list under a title; nothing for an empty list."""
    items = _items(lines)
    return f"<h3>{title}</h3><ul>{items}</ul>" if items else ""


def _table(heads: Iterable[str], rows: str) -> str:
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


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
        f"{' checked' if value == 'after' else ''}> {escape(typeset(label))}</label>"
        for value, label in pairs
    )


def _layers() -> str:
    return "".join(
        f'<label><input type="checkbox" data-layer="{name}" checked> {escape(label)}</label>'
        for name, label in ((name, worded(text)) for name, text in _LAYERS)
    )
