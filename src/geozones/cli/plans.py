"""« plan », « metrics », « vigilance », « move » and « destinations » of a plan."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from geozones.cli.options import (
    DEFAULTS,
    Answer,
    CommonOptions,
    change_json,
    figures,
    judged,
    rounded,
    violations,
)
from geozones.cli.parameters import Reply, argument, flag, one_of, option
from geozones.common.errors import InputError
from geozones.common.files import write_atomically
from geozones.common.french import capital
from geozones.domain.organisation import NOT_PUBLISHED
from geozones.domain.terms import has_organisation, terms
from geozones.intake.site_tables import assignment_csv
from geozones.metrics import VIGILANCE, MetricPlace, shown_in
from geozones.metrics.metric_changes import PointsTold
from geozones.metrics.metric_registry import watch_list
from geozones.rules import RuleOrigin
from geozones.workspace.moves.destinations import (
    NO_RELEVE,
    Compensation,
    Destination,
    compensation,
    hours_text,
)
from geozones.workspace.moves.destinations import destinations as ranked
from geozones.workspace.moves.new_points import points_json, points_told
from geozones.workspace.moves.preview import MoveEffect, preview
from geozones.workspace.names import lycee_named, sector_named, zone_named
from geozones.workspace.plan_comparison import posts_sentence
from geozones.workspace.study import Study
from geozones.workspace.vigilance import VigilancePoint, chosen, metrics_and_points, vigilance


def plan(
    *,
    as_csv: Annotated[
        bool, flag("l'affectation seule, en CSV : deux colonnes, site et zone", name="--csv")
    ] = False,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Print the sectors, zones and lycées of a plan."""
    study = common.study()
    if as_csv:
        return Reply(assignment_csv(study.plan, study.atlas.lycees))
    return common.reply(study, study.plan_json(), lambda answer: _plan_text(study, answer))


def metrics(*, common: CommonOptions = DEFAULTS) -> Reply:
    """Print the metrics of the region, of each sector and of each zone."""
    study = common.study()
    return common.reply(study, metrics_and_points(study), _metrics_text, shows_figures=True)


def _plan_text(study: Study, answer: Answer) -> str:
    lines = []
    for sector in answer["sectors"]:
        status = study.decisions.sector_text(sector["id"])
        led = f" - RNS : {sector['rns'] or NOT_PUBLISHED}" if has_organisation() else ""
        lines.append(f"{sector['name']} ({status}){led}")
        lines += [
            f"  {zone['id']:<6} {zone['name']}{_apart(study, zone['id'])} : "
            f"{', '.join(f'{study.name(lycee)} [{lycee}]' for lycee in zone['lycees'])}"
            for zone in sector["zones"]
        ]
    return "\n".join(lines)


def _apart(study: Study, zone: str) -> str:
    """Return the status of a zone in brackets, if it differs from its sector's."""
    decisions, sector = study.decisions, study.plan.zone(zone).sector
    same = decisions.zone(zone) is decisions.sector(sector)
    return "" if same and zone not in decisions.changed_zones else f" ({decisions.zone_text(zone)})"


def _metrics_text(answer: Answer) -> str:
    rows = [
        (capital(terms().territory.singular), answer["region"]),
        *answer["sectors"].items(),
        *answer["zones"].items(),
    ]
    sites = terms().site.plural
    return "\n".join(
        f"{name:<18} {row['lycees']:>4} {sites}   {_summary(row)}   vigilance {row['vigilance']}"
        for name, row in rows
    )


def _summary(values: Answer) -> str:
    """Format the summary figures of a zone, a sector or the region on one line."""
    return "   ".join(
        f"{record.narrow.lower()} {record.write(values[record.key], 0):>8}"
        for record in shown_in(MetricPlace.SUMMARY)
    )


_DECIDED = {"oui": True, "non": False}


def watch(
    *,
    sector: Annotated[str | None, option("SECTEUR", "un secteur, nom ou code")] = None,
    origin: Annotated[
        str | None,
        option(
            "ORIGINE",
            "d'une origine : document, outil ou vous (sinon, toutes)",
            check=one_of(list(RuleOrigin)),
        ),
    ] = None,
    decided: Annotated[
        str | None,
        option(
            "OUI",
            "oui : publié ou retenu ; non : proposé ou brouillon (sinon, les deux)",
            check=one_of(list(_DECIDED)),
        ),
    ] = None,
    without_tool: Annotated[
        bool, flag("sans les règles de l'outil : celles du document, et les vôtres")
    ] = False,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Print the points to watch of a plan: rule breaches, fragile zones, single colleagues."""
    study = common.study()
    if without_tool:
        study = study.without_tool_rules()
    if sector is not None:
        # raises if the plan has no such sector
        sector = study.plan.sector(sector_named(study.plan, sector)).id
    points = chosen(
        vigilance(study),
        sector_id=sector,
        decided=None if decided is None else _DECIDED[decided],
        origin=None if origin is None else RuleOrigin(origin),
    )
    watched = watch_list(points)
    answer = {
        "count": watched.count,
        "to_confirm": watched.to_confirm,
        "points": [_point(point) for point in points],
    }
    return common.reply(study, answer, lambda answer: _text(watched.text, answer))


def _point(point: VigilancePoint) -> Answer:
    return {
        "kind": point.kind.value,
        "sentence": point.sentence,
        "rule": point.rule or None,
        "origin": point.origin.value,
        "severity": point.severity.value,
        "sector": point.sector,
        "zone": point.zone,
        "lycees": list(point.lycees),
        "status": point.status.value,
        "decided": point.is_decided,
        "about": point.about,
        "to_confirm": point.to_confirm,
    }


def _text(count: str, answer: Answer) -> str:
    lines = [
        f"[{point['severity']}, {point['about']}] {point['sentence']}" for point in answer["points"]
    ]
    return "\n".join([f"{count}.", *lines])


Lycee = Annotated[str, argument("{SITE}", "nom ou code {of_the_site}")]


def move(
    lycee: Lycee,
    zone: Annotated[str, argument("ZONE", "nom ou code de la zone d'arrivée")],
    /,
    *,
    out: Annotated[Path | None, option("FICHIER", "écrire le plan obtenu")] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Print the effect of moving a lycée to a zone; write the resulting plan."""
    study = common.study()
    lycee, zone = lycee_named(study.territory, lycee), zone_named(study.territory, study.plan, zone)
    effect = preview(study, lycee, zone)
    answer: Answer = {
        "allowed": effect.verdict.allowed,
        "reasons": list(effect.verdict.reasons),
        "before": _side(effect.zones, effect.region, 0),
        "after": _side(effect.zones, effect.region, 1),
        "remarks": list(effect.verdict.remarks),
        "violations": violations(study.with_plan(effect.after)),
        "sentence": effect.sentence,
        "points": points_json(effect.points),
        **change_json(effect.change),
    }
    if out is not None:
        if not effect.verdict.allowed:
            raise InputError(
                f"Déplacement refusé, aucun plan écrit : {' '.join(effect.verdict.reasons)}"
            )
        text = json.dumps(study.with_plan(effect.after).plan_json(), ensure_ascii=False, indent=1)
        write_atomically(out, text + "\n")
        answer["out"] = str(out)
    return common.reply(study, answer, partial(_move_text, effect))


def _side(zones: dict[str, tuple[Any, Any]], region: tuple[Any, Any], side: int) -> Answer:
    return {
        "zones": {zone: dict(pair[side]) for zone, pair in zones.items()},
        "region": dict(region[side]),
    }


def destinations(lycee: Lycee, /, *, common: CommonOptions = DEFAULTS) -> Reply:
    """Rank the zones that a lycée could join, the best first."""
    study = common.study()
    lycee = lycee_named(study.territory, lycee)
    entries = ranked(study, lycee)
    answer: Answer = {
        "destinations": [
            {
                "zone": entry.zone,
                "delta_mean_minutes": rounded(entry.delta_mean_minutes),
                "delta_max_minutes": rounded(entry.delta_max_minutes),
                "delta_objective": rounded(entry.delta_objective),
                "hours": hours_text(entry.hours),
                "figures": figures(entry.shown),
                "posts_change": posts_sentence(study, study.with_plan(entry.after)),
                "more_posts": entry.more_posts,
                "more_points": entry.more_points,
                "alone": entry.alone,
                "touches": entry.touches,
                "nearest_minutes": rounded(entry.nearest),
                **judged(entry.judgement),
                "allowed": entry.allowed,
                "reasons": list(entry.verdict.reasons),
                "take_back": _take_back(compensation(study, lycee, entry.zone)),
            }
            for entry in entries
        ]
    }
    return common.reply(study, answer, partial(_destinations_text, study, entries))


def _take_back(lycee: Compensation | None) -> Answer | None:
    """Return as JSON the lycée to take back into a zone left too small."""
    if lycee is None:
        return None
    return {
        "lycee": lycee.lycee,
        "from": lycee.origin,
        "delta_objective": rounded(lycee.delta_objective),
    }


def _move_text(effect: MoveEffect, answer: Answer) -> str:
    said = answer["sentence"]
    notes = [each for each in (*effect.worse, *answer["remarks"]) if each not in said]
    lines = [*notes, *effect.lifted] if effect.verdict.allowed else notes
    return "\n".join([said, *(f"- {sentence}" for sentence in lines)])


def _take_back_text(study: Study, lycee: Answer | None) -> str:
    if lycee is None:
        return ""
    return f" Reprendre {study.name(lycee['lycee'])} de {lycee['from']}."


def _standing_text(entry: Answer, points: PointsTold) -> str:
    if not entry["allowed"]:
        return f"interdit   {' '.join(entry['reasons'])}"
    watched = f"{VIGILANCE.label.lower()} : {points.counted}" if points.counted else ""
    said = NO_RELEVE if entry["alone"] else entry["verdict"] or entry["posts_change"]
    told = ("possible", watched, said, *points.brought)
    return "   ".join(filter(None, told))


def _destinations_text(study: Study, ranked: Sequence[Destination], answer: Answer) -> str:
    return "\n".join(
        f"{entry['zone']:<6} {entry['hours']:>9} par an   "
        f"{_standing_text(entry, points_told(known.points))}"
        f"{_take_back_text(study, entry['take_back'])}"
        for known, entry in zip(ranked, answer["destinations"], strict=True)
    )
