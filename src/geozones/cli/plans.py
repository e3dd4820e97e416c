"""« plan », « metrics », « vigilance », « move » and « destinations » of a plan."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

from geozones.cli.options import (
    DEFAULTS,
    Answer,
    CommonOptions,
    area_names,
    change_json,
    figure_line,
    figures,
    judged,
    picked,
    table,
    violations,
    write_json,
)
from geozones.cli.parameters import Reply, argument, flag, one_of, option
from geozones.common.errors import InputError
from geozones.common.french import capital, number
from geozones.domain.organisation import NOT_PUBLISHED
from geozones.domain.terms import has_organisation, terms
from geozones.effect.records import losses_json
from geozones.intake.site_tables import assignment_csv
from geozones.metrics import VIGILANCE, MetricPlace, shown_in
from geozones.metrics.metric_registry import watch_list
from geozones.rules import RuleOrigin
from geozones.workspace.figures.plan_comparison import posts_sentence
from geozones.workspace.figures.study import Study
from geozones.workspace.figures.vigilance import (
    chosen,
    metrics_and_points,
    vigilance,
)
from geozones.workspace.folder.territory import lycee_named, sector_named, zone_named
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
    text = partial(_plan_text, study)
    return common.reply(study, study.plan_json(), text, judges=False, names_plan=True)


def metrics(*, common: CommonOptions = DEFAULTS) -> Reply:
    """Print the metrics of the region, of each sector and of each zone."""
    study = common.study()
    text = partial(_metrics_text, study)
    return common.reply(study, metrics_and_points(study), text, shows_figures=True, names_plan=True)


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


def _metrics_text(study: Study, answer: Answer) -> str:
    names = {"": capital(terms().territory.singular)} | area_names(study.plan)
    areas = {"": answer["region"]} | answer["sectors"] | answer["zones"]
    columns = shown_in(MetricPlace.SUMMARY)
    rows = [
        (
            names[code],
            number(values["lycees"]),
            *(record.write(values[record.key], 0) for record in columns),
            number(values[VIGILANCE.key]),
        )
        for code, values in areas.items()
    ]
    heads = (terms().site.plural, *(record.narrow.lower() for record in columns), "vigilance")
    return "\n".join(table(("", *heads), rows))


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
    answer = picked(watched, "count", "to_confirm") | {
        "points": [
            {
                **picked(p, "kind", "sentence"),
                "rule": p.rule or None,
                "origin": p.origin.stated,
                **picked(p, "severity", "sector", "zone", "lycees", "status"),
                "decided": p.is_decided,
                **picked(p, "about", "to_confirm"),
            }
            for p in points
        ]
    }
    lines = [f"{watched.text}.", *(f"[{p.severity}, {p.about}] {p.sentence}" for p in points)]
    return common.reply(study, answer, lambda _: "\n".join(lines), names_plan=True)


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
        **picked(effect.verdict, "allowed", "reasons"),
        **{
            name: {
                "zones": {zone: dict(values[side]) for zone, values in effect.zones.items()},
                "region": dict(effect.region[side]),
            }
            for side, name in enumerate(("before", "after"))
        },
        "remarks": effect.verdict.remarks,
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
        answer["out"] = write_json(out, study.with_plan(effect.after).plan_json())
    return common.reply(study, answer, partial(_move_text, effect), names_plan=True)


def destinations(lycee: Lycee, /, *, common: CommonOptions = DEFAULTS) -> Reply:
    """Rank the zones that a lycée could join, the best first."""
    study = common.study()
    lycee = lycee_named(study.territory, lycee)
    entries = ranked(study, lycee)
    answer: Answer = {
        "destinations": [
            {
                **picked(entry, "zone", "delta_mean_minutes", "delta_max_minutes"),
                "delta_objective": entry.delta_objective,
                "hours": hours_text(entry.hours),
                "figures": figures(entry.shown),
                "posts_change": posts_sentence(study, study.with_plan(entry.after)),
                **picked(entry, "more_posts", "more_points", "alone", "touches"),
                "nearest_minutes": entry.nearest,
                "losses": losses_json(entry.losses),
                "gains": losses_json(entry.gains, gains=True),
                **judged(entry.judgement),
                "allowed": entry.allowed,
                "reasons": entry.verdict.reasons,
                "take_back": _take_back(compensation(study, lycee, entry.zone)),
            }
            for entry in entries
        ]
    }
    return common.reply(study, answer, partial(_destinations_text, study, entries), names_plan=True)


def _take_back(back: Compensation | None) -> Answer | None:
    """Return the lycée to take back into a zone left too small, as JSON."""
    if back is None:
        return None
    return {"lycee": back.lycee, "from": back.origin, "delta_objective": back.delta_objective}


def _move_text(effect: MoveEffect, answer: Answer) -> str:
    if not effect.verdict.allowed or effect.origin == effect.target:
        return "\n".join([effect.sentence, *(f"- {reason}" for reason in effect.worse)])
    change = effect.change
    points = (*effect.worse, *answer["remarks"], *effect.lifted)
    parts = (
        ("Ce qui se perd", change.lost),
        ("Ce qui se gagne", change.gained),
        ("Au total", tuple(filter(None, (change.posts, capital(change.verdict), change.tis)))),
        ("Les chiffres", tuple(figure_line(figure) for figure in answer["figures"])),
        ("Points de vigilance", points),
    )
    lines = [effect.arrivals]
    for head, told in parts:
        lines += [head, *(f"  {sentence}" for sentence in told)] if told else []
    return "\n".join(lines)


def _destinations_text(study: Study, ranked: Sequence[Destination], answer: Answer) -> str:
    names = area_names(study.plan)
    rows = [
        (names[row["zone"]], row["hours"], _standing_text(study, row, destination))
        for destination, row in zip(ranked, answer["destinations"], strict=True)
    ]
    return "\n".join(table(("", "par an", ""), rows, words=(0, 2)))


def _standing_text(study: Study, row: Answer, destination: Destination) -> str:
    points, back = points_told(destination.points), row["take_back"]
    origin = back and study.plan.zone(back["from"]).name
    watched = f"{VIGILANCE.label.lower()} : {points.counted}" if points.counted else ""
    said = NO_RELEVE if row["alone"] else row["verdict"] or row["posts_change"]
    told = ("possible", watched, said, *points.brought)
    text = "   ".join(
        filter(None, told if row["allowed"] else ("interdit", " ".join(row["reasons"])))
    )
    return f"{text} Reprendre {study.name(back['lycee'])} de {origin}." if back else text
