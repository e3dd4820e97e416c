"""The interactive map as one HTML file: it opens from a USB stick, with no network at all."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from geozones.domain.french import minutes, plural
from geozones.export.dossier import Comparison, Dossier, LyceeRow, SectorRow, ZoneRow
from geozones.export.page import document
from geozones.export.text import typeset
from geozones.render import Scene
from geozones.render.library import dumps
from geozones.render.standalone import in_script, map_script, map_style, scenes_json

_HERE = Path(__file__).parent
_NOT_PUBLISHED = "non publié"
_LAYERS = (("lycees", "Lycées"), ("labels", "Noms"), ("departements", "Départements"))
_LEGEND = (
    ("plain", "secteur publié"),
    ("hatched", "brouillon, ou zone modifiée : non décidé"),
    ("dot", "lycée"),
    ("star", "centre support"),
    ("dotted", "limite de département"),
)


def page(dossier: Dossier) -> bytes:
    """Return the view as an HTML document, UTF-8; the same dossier gives the same bytes.

    Raises
    ------
    DataFileError
        If the installation lacks the files that draw the map.
    """
    data = scenes_json(_scenes(dossier), dossier.outlines)
    own = (_HERE / "html.js").read_text(encoding="utf-8")
    first = dumps({"zones": sorted(dossier.scene.selected_zones)})
    script = "\n".join((map_script(), in_script(own), f"interactive({data}, {first});"))
    style = "\n".join((map_style(), (_HERE / "html.css").read_text(encoding="utf-8")))
    return document(f"{dossier.title} – {dossier.version.name}", style, _body(dossier), script)


def _scenes(dossier: Dossier) -> dict[str, Scene]:
    """Return the scenes that the page goes between: the view, each sector, the plan before."""
    scenes = {"view": dossier.scene}
    if len(dossier.sectors) > 1:
        scenes |= {f"sector {row.id}": row.scene for row in dossier.sectors if row.lycees}
    if dossier.comparison is not None:
        scenes["before"] = dossier.comparison.scene
    return scenes


def _body(dossier: Dossier) -> str:
    sectors = [row for row in dossier.sectors if row.lycees]
    opened = len(sectors) == 1
    listed = "".join(_sector(row, opened=opened) for row in sectors)
    sources = "".join(f"<li>{escape(source)}</li>" for source in dossier.sources)
    whole = "" if opened else '<button type="button" id="whole">Toute la région</button>'
    return f"""
<header>
<div><h1>{escape(dossier.title)}</h1><p>{escape(typeset(dossier.version.told))}</p></div>
{_warnings(dossier)}
</header>
<main>
<section id="place" aria-label="Carte">
<div id="map"></div>
<div id="tools">{whole}{_before_after(dossier)}{_layers()}</div>
</section>
<section id="panel" aria-label="Secteurs, zones et lycées" tabindex="0">
{_figures(dossier)}
<label class="search">Chercher un lycée ou une commune
<input type="search" id="search" autocomplete="off"></label>
<p id="found" role="status"></p>
{listed}{_unplaced(dossier.unplaced)}{_compared(dossier.comparison)}
<h2>Légende</h2><ul id="legend">{_legend()}</ul>
<h2>Sources</h2><ul class="sources">{sources}</ul>
</section>
</main>"""


def _warnings(dossier: Dossier) -> str:
    said = []
    if dossier.has_drafts:
        said.append("Hachuré : brouillon de l'outil, pas une décision de la Région")
    if not dossier.version.decided:
        said.append("Scénario non décidé")
    return "".join(f'<p class="badge">{escape(typeset(text))}</p>' for text in said)


def _figures(dossier: Dossier) -> str:
    note = f" ({dossier.peak_note})" if dossier.peak_note else ""
    guess = ", en partie estimé" if any(row.estimated for row in dossier.sectors) else ""
    zones = [zone for zone in dossier.zones if zone.lycees]
    cells = (
        (str(len(dossier.lycees)), "lycées" if len(dossier.lycees) > 1 else "lycée"),
        (str(len(zones)), "zones de continuité" if len(zones) > 1 else "zone de continuité"),
        (minutes(dossier.mean_minutes), f"trajet moyen entre collègues{note}{guess}"),
        (minutes(dossier.max_minutes), f"trajet le plus long{note}{guess}"),
    )
    body = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for value, label in cells
    )
    return f'<dl class="figures">{body}</dl>'


def _sector(row: SectorRow, *, opened: bool) -> str:
    kind = "draft" if row.draft else "published"
    zones = [zone for zone in row.zones if zone.lycees]
    facts = [
        ("RNS", row.rns or _NOT_PUBLISHED),
        ("Centre support", row.support_centre or _NOT_PUBLISHED),
        ("Trajet moyen", minutes(row.mean_minutes)),
        ("Trajet le plus long", minutes(row.max_minutes)),
    ]
    if row.support_mean_minutes is not None:
        far = f"{minutes(row.support_mean_minutes)}, au plus {minutes(row.support_max_minutes)}"
        facts.append(("Depuis le centre support", far))
    if row.estimated:
        facts.append(("Durées", "en partie estimées"))
    terms = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts)
    colours = {area.id: area.colour for area in row.scene.zones}
    listed = "".join(_zone(zone, colours.get(zone.id, "#b9bec4"), row) for zone in zones)
    count = f"{plural(len(row.lycees), 'lycée')}, {plural(len(zones), 'zone')}"
    return (
        f'<details class="sector" data-sector="{escape(row.id)}"{" open" if opened else ""}>'
        f"<summary><span><strong>{escape(row.name)}</strong>"
        f'<span class="pill {kind}">{row.status}</span><small>{count}</small></span></summary>'
        f'<dl class="facts">{terms}</dl>{listed}</details>'
    )


def _zone(row: ZoneRow, colour: str, sector: SectorRow) -> str:
    hatched = " hatched" if sector.draft or row.changed else ""
    guess = " (en partie estimé)" if row.estimated else ""
    far = (
        f" · {minutes(row.mean_minutes)} en moyenne, {minutes(row.max_minutes)} au plus{guess}"
        if row.worst_pair
        else " · pas de relève dans la zone"
    )
    changed = '<span class="pill draft">modifiée, non décidée</span>' if row.changed else ""
    alerts = "".join(f"<li>{escape(alert)}</li>" for alert in row.alerts)
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Lycée", "Commune", "Relève"))
    return (
        f'<details class="zone" data-zone="{escape(row.id)}"><summary>'
        f'<i class="swatch{hatched}" style="--colour:{escape(colour)}" aria-hidden="true"></i>'
        f"<span><strong>{escape(row.name)}</strong>{changed}"
        f"<small>{escape(plural(len(row.lycees), 'lycée') + far)}</small></span></summary>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>"
        f"{''.join(map(_lycee, row.lycees))}</tbody></table>"
        f"{f'<ul class=alerts>{alerts}</ul>' if alerts else ''}</details>"
    )


def _lycee(row: LyceeRow) -> str:
    star = ' <span class="star" title="centre support">★</span>' if row.is_support else ""
    note = f"<small>{escape(row.note)}</small>" if row.note else ""
    came = "—"
    if row.releve_minutes is not None:
        guess = " (estimé)" if row.estimated else ""
        came = f"{minutes(row.releve_minutes)}{guess}, {row.releve_from}"
    return (
        f'<tr data-lycee="{escape(row.id)}"><th scope="row"><button type="button">'
        f"{escape(row.name)}</button>{star}<small>{escape(row.id)}</small>{note}</th>"
        f"<td>{escape(row.commune)}</td><td>{escape(came)}</td></tr>"
    )


def _unplaced(lycees: Iterable[LyceeRow]) -> str:
    names = "".join(f"<li>{escape(lycee.name)} ({escape(lycee.commune)})</li>" for lycee in lycees)
    return f"<h2>Sans position, absents de la carte</h2><ul>{names}</ul>" if names else ""


def _compared(comparison: Comparison | None) -> str:
    if comparison is None:
        return ""
    gaps = "".join(
        f'<tr><th scope="row">{escape(gap.label)}</th><td>{escape(gap.before)}</td>'
        f"<td>{escape(gap.after)}</td><td>{escape(gap.difference)}</td></tr>"
        for gap in comparison.gaps
    )
    moves = "".join(
        f'<tr><th scope="row">{escape(move.lycee)}</th><td>{escape(move.before or "—")}</td>'
        f"<td>{escape(move.after or '—')}</td></tr>"
        for move in comparison.moves
    )
    what = escape(typeset(f"Ce qui change depuis : {comparison.before.name}"))
    figures = _table(("Chiffre", "Avant", "Après", "Écart"), gaps)
    listed = _table(("Lycée", "Avant", "Après"), moves) if moves else ""
    return f"<h2>{what}</h2>{figures}{listed}"


def _table(heads: Iterable[str], rows: str) -> str:
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _before_after(dossier: Dossier) -> str:
    if dossier.comparison is None:
        return ""
    pairs = (("before", f"Avant : {dossier.comparison.before.name}"), ("view", "Après"))
    return "".join(
        f'<label><input type="radio" name="when" value="{value}"'
        f"{' checked' if value == 'view' else ''}> {escape(typeset(label))}</label>"
        for value, label in pairs
    )


def _layers() -> str:
    return "".join(
        f'<label><input type="checkbox" data-layer="{name}" checked> {label}</label>'
        for name, label in _LAYERS
    )


def _legend() -> str:
    return "".join(
        f'<li><i class="sign-{sign}" aria-hidden="true"></i>{escape(meaning)}</li>'
        for sign, meaning in _LEGEND
    )
