"""« scenarios compare »: comparison of two scenarios, and which is better."""

from typing import Annotated

from geozones.cli.answers import Answer, figure_line, figures, judged, service
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.parameters import argument
from geozones.cli.reply import Reply
from geozones.common.french import plural
from geozones.domain import Plan
from geozones.domain.terms import terms
from geozones.metrics import Change, metric
from geozones.workspace.plan_comparison import compare_regions
from geozones.workspace.plan_judgement import judge_studies
from geozones.workspace.rankings import DRIVES
from geozones.workspace.sharing.exported_plan import open_exported_plan

ScenarioCode = Annotated[
    str,
    argument(
        "CODE",
        "code d'un scénario ou d'une publication, ou « plan » (le plan en vigueur ou de départ)",
    ),
]


def compare(
    before: ScenarioCode, after: ScenarioCode, /, *, common: CommonOptions = DEFAULTS
) -> Reply:
    """Compare the second scenario with the first: figures, moved lycées, confidence."""
    study = common.study()
    with service(study.analysis) as stored:
        subjects = [open_exported_plan(study.analysis, stored, code) for code in (before, after)]
    first, second = (subject.study for subject in subjects)
    answer: Answer = {
        side: {"id": code, "name": subject.version.name}
        for side, code, subject in zip(("before", "after"), (before, after), subjects, strict=True)
    }
    was, becomes = (study.area()["objective"] for study in (first, second))
    of_drives = judge_studies(first, second, DRIVES)
    objective = Change(metric("objective"), was, becomes, of_drives)
    answer |= {
        **judged(judge_studies(first, second)),
        "figures": figures([objective, *compare_regions(first, second)]),
        "moves": _moves(first.plan, second.plan),
    }
    return common.reply(study, answer, _text)


def _moves(before: Plan, after: Plan) -> list[Answer]:
    """Return the lycées whose zone differs; the zone is ``None`` if a plan lacks the lycée."""
    sides = [plan.zone_by_lycee for plan in (before, after)]
    return [
        {"lycee": lycee, "from": sides[0].get(lycee), "to": sides[1].get(lycee)}
        for lycee in sorted({*before.lycees, *after.lycees})
        if sides[0].get(lycee) != sides[1].get(lycee)
    ]


def _text(answer: Answer) -> str:
    lines = [f"{answer['before']['name']} → {answer['after']['name']} : {answer['verdict']}"]
    lines += [figure_line(one) for one in answer["figures"] if one["key"] != "objective"]
    count, site = len(answer["moves"]), terms().site
    lines.append(plural(count, f"{site} change de zone", f"{site.plural} changent de zone"))
    lines += [f"- {m['lycee']} : {m['from'] or '—'} → {m['to'] or '—'}" for m in answer["moves"]]
    return "\n".join(lines)
