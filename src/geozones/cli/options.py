"""Options shared by commands: the plan to look at, and the output format."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.answers import (
    Answer,
    content,
    plain,
    publications_of,
    service,
)
from geozones.cli.parameters import flag, one_of, option
from geozones.cli.reply import Reply
from geozones.common.errors import InputError
from geozones.domain.events import State
from geozones.domain.peak import Moment
from geozones.intake.plan_file import MAX_BYTES
from geozones.workspace.analysis import Analysis
from geozones.workspace.publications.ledger_reading import study_of_publication, with_publications
from geozones.workspace.scenarios.open_scenario import study_of_work
from geozones.workspace.study import Study, baseline_study, open_study, study_of

#: Plan of a command that is given none.
_ELSE = "(sinon, le plan en vigueur ou de départ)"


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class CommonOptions:
    """Options of every command but « serve »."""

    json: Annotated[bool, flag("répondre par un objet JSON")] = False
    plan: Annotated[Path | None, option("FICHIER", f"un plan JSON {_ELSE}")] = None
    scenario: Annotated[
        str | None,
        option("CODE", f"un scénario enregistré {_ELSE}"),
    ] = None
    publication: Annotated[
        str | None,
        option("CODE", f"le plan d'une publication {_ELSE}"),
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
        """Return the requested scenario or plan on its territory; by default the baseline.

        Raises
        ------
        InputError
            If several are requested, one cannot be read, or a figure is out of bounds.
        """
        analysis = self._analysis()
        asked = [name for name in ("plan", "scenario", "publication") if getattr(self, name)]
        if len(asked) > 1:
            msg = f"Donnez --{asked[0]} ou --{asked[1]}, pas les deux."
            raise InputError(msg)
        if self.scenario is not None:
            with service(analysis) as scenarios:
                return study_of_work(analysis, scenarios.open(self.scenario))
        if self.plan is not None:
            file = analysis.territory.atlas.read_plan(content(self.plan, "plan", MAX_BYTES))
            return study_of(analysis, State(file.plan, places=file.places))
        if self.publication is not None:
            ledger = publications_of(analysis)
            return study_of_publication(ledger, analysis, ledger.get(self.publication))
        return baseline_study(analysis)

    def _analysis(self) -> Analysis:
        analysis = open_study().analysis
        analysis = with_publications(publications_of(analysis), analysis)
        if self.max_minutes is not None:
            analysis = analysis.with_max_minutes(self.max_minutes)
        analysis = analysis.with_moment(Moment(self.peak))
        if self.peak_factor is not None:
            analysis = analysis.with_peak_factor(self.peak_factor)
        return analysis

    def reply(
        self,
        study: Study,
        answer: Answer,
        text: Callable[[Answer], str],
        *,
        shows_figures: bool = False,
    ) -> Reply:
        """Return the reply of a command: its answer as a JSON object, or as French text.

        Both mention a moment that is not off-peak and a factor other than 1. Lines for stderr name
        the damaged scenarios of the answer, and explain why another plan may be in force. With
        ``shows_figures``, it says which day and method the figures of a publication are of.
        """
        traffic = study.analysis.traffic
        if traffic.moment is not Moment.OFF_PEAK:
            answer["peak"] = traffic.moment.value
        if traffic.factor != 1:
            answer["peak_factor"] = traffic.factor
        kept = study.kept
        if kept is not None and shows_figures:
            answer["figures"] = kept.to_json()
        left_out = tuple(
            f"Laissé de côté : {row['what']} : {row['reason']}."
            for row in answer.get("left_out", ())
        )
        left_out += tuple(answer.get("log_faults", ()))
        problem = study.analysis.baseline.problem
        if problem and problem not in left_out:
            left_out = (*left_out, problem)
        if self.json:
            return Reply(json.dumps(plain(answer), ensure_ascii=False), left_out)
        lines = [text(answer), study.analysis.peak_note.strip()]
        if kept is not None and shows_figures:
            lines.append(kept.sentence)
        return Reply("\n".join(line for line in lines if line), left_out)


#: Default options: the baseline, answered as text.
DEFAULTS = CommonOptions()
