"""Tables of the page « Temps de trajet », as HTML that a screen reader walks."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

from geozones.domain import Plan
from geozones.domain.french import minutes, number, plural
from geozones.render.colour import contrast
from geozones.render.palette import NO_WAY, ramp
from geozones.ui.components import html
from geozones.workspace import CLASSES, Access, CentreReach, Workspace, class_of

_DARK, _LIGHT = "#15202b", "#ffffff"


def class_labels() -> tuple[str, ...]:
    """Return how each class of minutes is called, then the lack of a way."""
    bounds = [0, *(int(bound) for bound in CLASSES[:-1])]
    closed = [f"{a} à {b} min" for a, b in pairwise(bounds)]
    return (*closed, f"plus de {bounds[-1]} min", "sans accès")


def class_colours() -> tuple[str, ...]:
    """Return the colour of each class of minutes, then of the lack of a way."""
    return (*ramp(), NO_WAY)


def class_legend() -> str:
    """Return the legend of the classes of minutes."""
    items = "".join(
        f'<li><span class="gz-swatch" style="--colour:{colour}"></span>{escape(label)}</li>'
        for colour, label in zip(class_colours(), class_labels(), strict=True)
    )
    return f'<ul class="gz-legend" aria-label="Légende des durées">{items}</ul>'


def heat_map(workspace: Workspace, plan: Plan, zone: str, note: str) -> str:
    """Return the minutes between the lycées of a zone, from the row to the column."""
    lycees = plan.members(zone)
    names = short_names(workspace, lycees)
    head = "".join(f'<th scope="col"><span>{escape(names[key])}</span></th>' for key in lycees)
    rows = []
    for a in lycees:
        cells = "".join(_heat_cell(workspace, a, b) for b in lycees)
        rows.append(f'<tr><th scope="row">{escape(names[a])}</th>{cells}</tr>')
    caption = f"Minutes de la ligne vers la colonne{note}"
    return (
        f'<div class="gz-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="gz-table gz-heat"><caption>{escape(caption)}</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _heat_cell(workspace: Workspace, a: str, b: str) -> str:
    if a == b:
        return '<td class="gz-self" aria-label="même lycée">·</td>'
    times = workspace.times
    value = times.between(a, b)
    rank = len(CLASSES) if math.isnan(value) else class_of(value)
    colour = class_colours()[rank]
    ink = max((_DARK, _LIGHT), key=lambda tone: contrast(tone, colour))
    maker = times.made_by(a, b)
    mark = "*" if maker.is_estimate else ""
    text = "sans accès" if math.isnan(value) else number(value)
    said = f"{workspace.name(a)} → {workspace.name(b)}, source : {maker.engine}"
    return f'<td style="background:{colour};color:{ink}" title="{escape(said)}">{text}{mark}</td>'


def short_names(workspace: Workspace, lycees: Sequence[str]) -> dict[str, str]:
    """Return the name of each lycée, with its commune where two would read the same."""
    names = {key: workspace.lycees[key].name for key in lycees}
    twice = {name for name in names.values() if list(names.values()).count(name) > 1}
    return {
        key: f"{name} ({workspace.lycees[key].commune})" if name in twice else name
        for key, name in names.items()
    }


def zone_bars(workspace: Workspace, plan: Plan, zones: Sequence[str], note: str) -> str:
    """Return a bar a zone, mean and worst minutes, the worst first."""
    values = {zone: workspace.evaluator.zone(plan, zone) for zone in zones if plan.members(zone)}
    ranked = sorted(values, key=lambda zone: -(_figure(values[zone], "max_minutes") or 0.0))
    longest = [_figure(values[zone], "max_minutes") for zone in ranked]
    top = max((value for value in longest if value is not None and math.isfinite(value)), default=1)
    limit = workspace.settings.max_minutes
    rows = "".join(_bar_row(plan, zone, values[zone], max(top, limit)) for zone in ranked)
    caption = f"Trajet moyen et trajet le plus long de chaque zone{note}"
    share = 100 * limit / max(top, limit)
    return (
        f'<div class="gz-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="gz-table gz-bars" style="--limit:{share:.1f}%"><caption>'
        f"{escape(caption)} ; le trait est le seuil de {minutes(limit)}</caption>"
        '<thead><tr><th scope="col">Zone</th><th scope="col" class="gz-number">Moyen</th>'
        '<th scope="col" class="gz-number">Plus long</th><th scope="col">'
        '<span class="gz-hidden">Barres : plus long en gris, moyen en bleu</span></th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _figure(values: Mapping[str, object], key: str) -> float | None:
    value = values[key]
    return float(value) if isinstance(value, (int, float)) else None


def _bar_row(plan: Plan, zone: str, values: Mapping[str, object], top: float) -> str:
    mean, worst = _figure(values, "mean_minutes"), _figure(values, "max_minutes")
    draft = plan.sector(plan.zone(zone).sector).is_draft
    mark = ' <span class="gz-pill gz-draft">Brouillon</span>' if draft else ""
    return (
        f'<tr><th scope="row">{escape(plan.zone(zone).name)}{mark}</th>'
        f'<td class="gz-number">{minutes(mean)}</td><td class="gz-number">{minutes(worst)}</td>'
        f'<td class="gz-bar" aria-hidden="true"><i style="width:{_percent(worst, top):.1f}%"></i>'
        f'<b style="width:{_percent(mean, top):.1f}%"></b></td></tr>'
    )


def _percent(value: float | None, top: float) -> float:
    if value is None:
        return 0.0
    return min(100.0, 100 * value / top)


def class_table(found: Access, note: str) -> str:
    """Return how many communes and inhabitants are within each class of minutes."""
    counts = found.by_class()
    people = sum(inhabitants for _, inhabitants in counts) or 1
    rows = []
    for (communes, inhabitants), label in zip(counts, class_labels(), strict=True):
        if communes or label != "sans accès":
            share = f"{number(100 * inhabitants / people)} %"
            rows.append((label, number(communes), number(inhabitants), share))
    heads = ("Durée", "Communes", "Habitants", "Part")
    caption = f"Communes et habitants selon la durée depuis {found.label}{note}"
    return html.table(caption, heads, rows, numeric=frozenset({1, 2, 3}))


def centre_table(
    workspace: Workspace, plan: Plan, ranked: Mapping[str, tuple[CentreReach, ...]], note: str
) -> str:
    """Return, a sector a row, what its support centre reaches and which lycée would be better."""
    rows = []
    for sector, reaches in ranked.items():
        area = plan.sector(sector)
        if not reaches:
            rows.append((area.name, "—", "—", "—", "—", "—"))
            continue
        now = next((reach for reach in reaches if reach.centre == area.support_centre), None)
        rows.append((area.name, *_centre_cells(workspace, now), _better(workspace, now, reaches)))
    heads = ("Secteur", "Centre support", "Moyen", "Plus long", "Sous 45 min", "Meilleur centre")
    caption = f"Portée des T.I.S. depuis le centre support de leur secteur{note}"
    return html.table(caption, heads, rows, numeric=frozenset({2, 3, 4}))


def _centre_cells(workspace: Workspace, reach: CentreReach | None) -> tuple[str, str, str, str]:
    if reach is None:
        return ("non publié", "—", "—", "—")
    share = f"{number(100 * reach.share_near)} %"
    return (
        workspace.name(reach.centre), minutes(reach.mean), minutes(reach.worst), share
    )  # fmt: skip


def _better(workspace: Workspace, now: CentreReach | None, ranked: tuple[CentreReach, ...]) -> str:
    best = ranked[0]
    if now is not None and now.centre == best.centre:
        return "c'est déjà le meilleur"
    name = workspace.name(best.centre)
    if now is None or not math.isfinite(now.mean - best.mean):
        return f"{name} ({minutes(best.mean)} en moyenne)"
    return f"{name} ({minutes(now.mean - best.mean, 1)} de moins en moyenne)"


def centre_ranking(
    workspace: Workspace, plan: Plan, sector: str, ranked: tuple[CentreReach, ...], note: str
) -> str:
    """Return every lycée of a sector as a support centre, the best first."""
    centre = plan.sector(sector).support_centre
    rows = [
        (
            workspace.name(reach.centre) + (" ★" if reach.centre == centre else ""),
            minutes(reach.mean),
            f"{minutes(reach.worst)} ({workspace.lycees[reach.farthest].name})",
            f"{number(100 * reach.share_near)} %",
        )
        for reach in ranked
    ]
    heads = ("Lycée", "Moyen", "Plus long", "Sous 45 min")
    area = plan.sector(sector)
    caption = (
        f"Si le centre support de {area.name} était ailleurs "
        f"({plural(len(ranked), 'lycée')}, ★ : l'actuel){note}"
    )
    return html.table(caption, heads, rows, numeric=frozenset({1, 3}))
