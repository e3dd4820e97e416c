"""« teams needs »: half-days a week that lycées need, and their basis."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.answers import Answer, content
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.parameters import one_of, option
from geozones.cli.reply import Reply
from geozones.cli.teams.posts import EVERY_ZONE, ZoneSelection
from geozones.common.french import number, plural
from geozones.domain.terms import terms
from geozones.domain.workload import (
    Basis,
    WorkloadRule,
    checked_per_half_day,
    checked_site,
    rule_to_json,
)
from geozones.workspace.study import Study
from geozones.workspace.teams.needs_file import needs_changes, read_needs, with_needs

_MAX_BYTES = 30_000_000


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class RuleOptions:
    """Changes to the scenario's rule of needs."""

    basis: Annotated[
        str | None,
        option(
            "BASE",
            "les besoins sont calculés d'après",
            check=one_of([basis.value for basis in Basis]),
        ),
    ] = None
    per_half_day: Annotated[
        float | None, option("N", "{sizes}, postes ou tickets pour une demi-journée (146 {sizes})")
    ] = None
    site: Annotated[int | None, option("N", "demi-journées de base par site (3)")] = None

    def over(self, rule: WorkloadRule) -> WorkloadRule:
        """Return a rule with these changes; raise ``InputError`` if a value is out of range."""
        if self.basis is not None:
            rule = replace(rule, basis=Basis(self.basis))
        if self.per_half_day is not None:
            worth = {rule.basis: checked_per_half_day(self.per_half_day)}
            rule = replace(rule, per_half_day={**rule.per_half_day, **worth})
        if self.site is not None:
            rule = replace(rule, site_half_days=checked_site(self.site))
        return rule


_SAME_RULE = RuleOptions()


def needs(
    *,
    scope: ZoneSelection = EVERY_ZONE,
    rule: RuleOptions = _SAME_RULE,
    file: Annotated[
        Path | None, option("FICHIER", "besoins, {sizes}, postes informatiques ou tickets")
    ] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Print the needs of lycées, of a scenario or after applying a file and a rule."""
    study = common.study()
    rejected: list[str] = []
    if file is not None:
        read = read_needs(study.territory, content(file, "fichier de besoins", _MAX_BYTES))
        study = with_needs(study, needs_changes(study, read))
        rejected = [*read.notes, *(fault.text for fault in read.rejected)]
    teams = study.teams
    study = study.with_teams(replace(teams, rule=rule.over(teams.rule)))
    zones = scope.zones(study.plan)
    by_zone = {zone: _zone(study, zone) for zone in zones}
    answer: Answer = {
        "rule": rule_to_json(study.teams.rule),
        "half_days": sum(zone["half_days"] for zone in by_zone.values()),
        "zones": by_zone,
        "rejected": rejected,
    }
    return common.reply(study, answer, _text)


def _zone(study: Study, zone: str) -> Answer:
    lycees, teams = study.territory.lycees, study.teams
    rows = []
    for key in study.plan.members(zone):
        need = teams.need(lycees[key])
        pupils, source = teams.pupils(lycees[key])
        rows.append(
            {
                "id": key,
                "name": study.name(key),
                "half_days": need.half_days,
                "source": None if need.source is None else need.source.value,
                "origin": need.origin,
                "pupils": pupils,
                "pupils_source": source or None,
            }
        )
    return {"half_days": _total(rows), "lycees": rows}


def _total(rows: Sequence[Answer]) -> int:
    return sum(row["half_days"] for row in rows)


def _text(answer: Answer) -> str:
    lines = [f"{plural(answer['half_days'], 'demi-journée')} par semaine"]
    sizes = terms().size.plural
    for zone, held in answer["zones"].items():
        lines.append(f"{zone} : {plural(held['half_days'], 'demi-journée')}")
        lines += [
            f"  {row['name']:<44} {row['half_days']:>3}   {row['origin']}"
            + (f", {number(row['pupils'])} {sizes}" if row["pupils"] is not None else "")
            for row in held["lycees"]
        ]
    return "\n".join([*lines, *answer["rejected"]])
