"""Sectors in the page of an interactive map: status, figures, zones and their lycées."""

from html import escape

from geozones.common.french import plural
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms, worded
from geozones.domain.uncertainty import PARTLY_ESTIMATED
from geozones.export.dossier import LyceeRow, SectorRow, ZoneRow
from geozones.export.page import swatch_of
from geozones.export.text import typeset
from geozones.metrics import MetricPlace, shown_in, written
from geozones.render import ZoneArea
from geozones.render.signs import pill_css

NOT_PUBLISHED = "non publié"
_CHANGED = '<span class="pill changed">modifiée</span>'


def sector_details(row: SectorRow, *, opened: bool) -> str:
    """Return a sector as a collapsible element: status, figures, zones and their lycées."""
    zones = [zone for zone in row.zones if zone.lycees]
    facts = [
        ("RNS", row.rns or NOT_PUBLISHED),
        (worded("{Support_centre}"), row.support_centre or NOT_PUBLISHED),
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
        facts.append(("Durées", PARTLY_ESTIMATED))
    known = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts)
    areas = {area.id: area for area in row.scene.zones}
    listed = "".join(_zone(zone, row.status, areas.get(zone.id)) for zone in zones)
    marks = f"<small>{escape(row.marks)}</small>" if row.marks else ""
    count = f"{terms().site.counted(len(row.lycees))}, {plural(len(zones), 'zone')}"
    return (
        f'<details class="sector" data-sector="{escape(row.id)}"{" open" if opened else ""}>'
        f"<summary><span><strong>{escape(row.name)}</strong>"
        f"{status_pill(row.status)}{marks}<small>{count}</small></span>"
        "</summary>"
        f'<dl class="facts">{known}</dl>{listed}</details>'
    )


def status_pill(status: DecisionStatus) -> str:
    """Return the badge of a status."""
    return f'<span class="pill" style="{pill_css(status)}">{status.label}</span>'


def _zone(row: ZoneRow, status: DecisionStatus, area: ZoneArea | None) -> str:
    """Return a zone, with its status if it differs from ``status``, its sector's."""
    look = "" if area is None else swatch_of(area)
    guess = f" ({PARTLY_ESTIMATED})" if row.estimated else ""
    far = (
        f" · {written(row.values, 'mean_minutes', 0)} en moyenne, "
        f"{written(row.values, 'max_minutes')} au plus{guess}"
        if row.farthest
        else " · pas de relève dans la zone"
    )
    apart = status is not row.status
    text = (status_pill(row.status) if apart else "") + (_CHANGED if row.changed else "")
    alerts = "".join(f"<li>{escape(typeset(alert))}</li>" for alert in row.alerts)
    heads = "".join(
        f'<th scope="col">{escape(worded(head))}</th>' for head in ("{Site}", "Commune", "Relève")
    )
    return (
        f'<details class="zone" data-zone="{escape(row.id)}"><summary>'
        f'<i class="swatch" style="{escape(look)}" aria-hidden="true"></i>'
        f"<span><strong>{escape(row.name)}</strong>{text}"
        f"<small>{escape(terms().site.counted(len(row.lycees)) + far)}</small></span></summary>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>"
        f"{''.join(map(_lycee, row.lycees))}</tbody></table>"
        f"{f'<ul class=alerts>{alerts}</ul>' if alerts else ''}</details>"
    )


def _lycee(row: LyceeRow) -> str:
    support = escape(str(terms().support_centre))
    star = f' <span class="star" title="{support}">★</span>' if row.is_support else ""
    note = f"<small>{escape(typeset(row.note))}</small>" if row.note else ""
    if row.printed:
        note = f"<small>{escape(typeset(f'« {row.printed} »'))}</small>{note}"
    came = "—"
    if row.releve_minutes is not None:
        came = f"{row.releve_text}, {row.releve_from}"
    return (
        f'<tr data-lycee="{escape(row.id)}"><th scope="row"><button type="button">'
        f"{escape(row.name)}</button>{star}<small>{escape(row.id)}</small>{note}</th>"
        f"<td>{escape(row.commune)}</td><td>{escape(came)}</td></tr>"
    )
