"""« plan », « metrics » and « check »: contents, metrics and rule breaches of a plan."""

from typing import Annotated

from geozones.cli.answers import Answer, violations
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.parameters import flag
from geozones.cli.reply import Reply
from geozones.domain.terms import terms
from geozones.metrics import VIGILANCE, MetricPlace, shown_in
from geozones.metrics.watch_list import watch_list
from geozones.rules import RuleOrigin
from geozones.workspace.study import Study
from geozones.workspace.vigilance import chosen, vigilance


def plan(*, common: CommonOptions = DEFAULTS) -> Reply:
    """Print the sectors, zones and lycées of a plan."""
    study = common.study()
    return common.reply(study, study.plan_json(), lambda answer: _plan_text(study, answer))


def metrics(*, common: CommonOptions = DEFAULTS) -> Reply:
    """Print the metrics of the region, of each sector and of each zone."""
    study = common.study()
    answer = study.metrics_json()
    points = vigilance(study)
    areas: list[tuple[Answer, str | None, str | None]] = [(answer["region"], None, None)]
    areas += [(values, key, None) for key, values in answer["sectors"].items()]
    areas += [(values, None, key) for key, values in answer["zones"].items()]
    for values, sector, zone in areas:
        count = watch_list(chosen(points, sector=sector, zone=zone)).count
        values[VIGILANCE.key] = study.kept_metrics(sector, zone).get(VIGILANCE.key, count)
    return common.reply(study, answer, _metrics_text, shows_figures=True)


def check(
    *,
    without_tool: Annotated[
        bool, flag("sans les règles de l'outil : celles du document, et les vôtres")
    ] = False,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Print the rule breaches of a plan, with the origin and the place of each."""
    study = common.study()
    if without_tool:
        study = study.without_tool_rules()
    answer = {"violations": violations(study)}
    return common.reply(study, answer, _check_text)


def _plan_text(study: Study, answer: Answer) -> str:
    lines = []
    for sector in answer["sectors"]:
        status = study.decisions.sector_text(sector["id"])
        lines.append(f"{sector['name']} ({status}) - RNS : {sector['rns'] or 'non publié'}")
        lines += [
            f"  {zone['id']:<6} {zone['name']}{_apart(study, zone['id'])} : "
            f"{', '.join(zone['lycees'])}"
            for zone in sector["zones"]
        ]
    return "\n".join(lines)


def _apart(study: Study, zone: str) -> str:
    """Return the status of a zone in brackets, if it differs from its sector's."""
    decisions, sector = study.decisions, study.plan.zone(zone).sector
    same = decisions.zone(zone) is decisions.sector(sector)
    return "" if same and zone not in decisions.changed_zones else f" ({decisions.zone_text(zone)})"


def _metrics_text(answer: Answer) -> str:
    rows = [("Région", answer["region"]), *answer["sectors"].items(), *answer["zones"].items()]
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


def _check_text(answer: Answer) -> str:
    if not answer["violations"]:
        return "Toutes les règles sont respectées."
    return "\n".join(
        f"[{v['severity']}, {RuleOrigin(v['origin']).label}] {v['message']}"
        for v in answer["violations"]
    )
