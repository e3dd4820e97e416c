"""« plan », « metrics » and « check »: what a plan is, and what it is worth."""

from geozones.cli.answers import Answer, violation
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.reply import Reply
from geozones.workspace.figures import Place, shown_in
from geozones.workspace.study import Study


def plan(*, common: CommonOptions = DEFAULTS) -> Reply:
    """Give the sectors, zones and lycées of a plan."""
    study = common.study()
    return common.reply(study, study.plan_json(), lambda answer: _plan_text(study, answer))


def metrics(*, common: CommonOptions = DEFAULTS) -> Reply:
    """Give the metrics of the region, of each sector and of each zone."""
    study = common.study()
    return common.reply(study, study.metrics_json(), _metrics_text)


def check(*, common: CommonOptions = DEFAULTS) -> Reply:
    """Give the rules that a plan breaks, and where."""
    study = common.study()
    answer = {"violations": [violation(breach) for breach in study.check()]}
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
    """Return the status of a zone that is not simply that of its sector, in brackets."""
    decisions, sector = study.decisions, study.plan.zone(zone).sector
    same = decisions.zone(zone) is decisions.sector(sector)
    return "" if same and zone not in decisions.changed_zones else f" ({decisions.zone_text(zone)})"


def _metrics_text(answer: Answer) -> str:
    rows = [("Région", answer["region"]), *answer["sectors"].items(), *answer["zones"].items()]
    return "\n".join(
        f"{name:<18} {row['lycees']:>4} lycées   {_summary(row)}   alertes {row['breaches']}"
        for name, row in rows
    )


def _summary(values: Answer) -> str:
    """Return the figures that sum up a zone, a sector or the region, on one line."""
    return "   ".join(
        f"{record.narrow.lower()} {record.write(values[record.key], 0):>8}"
        for record in shown_in(Place.SUMMARY)
    )


def _check_text(answer: Answer) -> str:
    if not answer["violations"]:
        return "Toutes les règles sont respectées."
    return "\n".join(f"[{v['severity']}] {v['message']}" for v in answer["violations"])
