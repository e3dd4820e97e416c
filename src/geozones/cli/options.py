"""Options that commands share: the plan they look at, and how they answer."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.answers import Answer, content, plain, service
from geozones.cli.parameters import flag, one_of, option
from geozones.cli.reply import Reply
from geozones.common.errors import InputError
from geozones.domain import DamagedScenarioError
from geozones.domain.events import State
from geozones.domain.peak import Moment
from geozones.intake.plan_file import MAX_BYTES
from geozones.workspace.analysis import Analysis
from geozones.workspace.study import Study, open_study, study_of


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class CommonOptions:
    """What every command but « serve » takes."""

    json: Annotated[bool, flag("répondre par un objet JSON")] = False
    plan: Annotated[Path | None, option("FICHIER", "un plan JSON (sinon, le plan livré)")] = None
    scenario: Annotated[
        str | None, option("CODE", "un scénario enregistré (sinon, le plan livré)")
    ] = None
    max_minutes: Annotated[float | None, option("MIN", "seuil des trajets dans une zone (45)")] = (
        None
    )
    peak: Annotated[
        str,
        option(
            "MOMENT",
            "durées aux heures creuses (creuse, le défaut), à la pointe du matin ou du soir",
            check=one_of([moment.value for moment in Moment]),
        ),
    ] = Moment.OFF_PEAK.value
    peak_factor: Annotated[
        float | None,
        option("F", "réglage expert : facteur sur toutes les durées, de 1 (le défaut) à 1,6"),
    ] = None

    def study(self) -> Study:
        """Return the scenario or plan asked for, on its territory; by default the shipped plan.

        Raises
        ------
        InputError
            If both are asked for, the one that is cannot be read, or a figure is out of bounds.
        """
        analysis = self._analysis()
        if self.plan is not None and self.scenario is not None:
            msg = "Donnez --plan ou --scenario, pas les deux."
            raise InputError(msg)
        if self.scenario is not None:
            with service(analysis) as scenarios:
                return study_of(analysis, scenarios.open(self.scenario).state)
        if self.plan is not None:
            file = analysis.territory.atlas.read_plan(content(self.plan, "plan", MAX_BYTES))
            return study_of(analysis, State(file.plan, places=file.places))
        return study_of(analysis)

    def _analysis(self) -> Analysis:
        analysis = open_study().analysis
        if self.max_minutes is not None:
            analysis = analysis.with_max_minutes(self.max_minutes)
        analysis = analysis.with_moment(Moment(self.peak))
        if self.peak_factor is not None:
            analysis = analysis.with_peak_factor(self.peak_factor)
        return analysis

    def reply(self, study: Study, answer: Answer, text: Callable[[Answer], str]) -> Reply:
        """Return what a command prints: its answer as a JSON object, or as French text.

        A moment that is not off-peak and a factor other than 1 are said in both. Damaged scenarios
        that the answer names are said on stderr too.
        """
        traffic = study.analysis.traffic
        if traffic.moment is not Moment.OFF_PEAK:
            answer["peak"] = traffic.moment.value
        if traffic.factor != 1:
            answer["peak_factor"] = traffic.factor
        left_out = tuple(
            str(DamagedScenarioError(row["id"], row["name"], row["why"]))
            for row in answer.get("damaged", ())
        )
        if self.json:
            return Reply(json.dumps(plain(answer), ensure_ascii=False), left_out)
        lines = [text(answer), study.analysis.peak_note.strip()]
        return Reply("\n".join(line for line in lines if line), left_out)


#: The shipped plan, answered as text.
DEFAULTS = CommonOptions()
