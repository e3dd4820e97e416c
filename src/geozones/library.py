"""Territory, plans and proposals as tables, for scripts and notebooks: `geozones.open`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike, environ
from pathlib import Path
from typing import Any

import pandas as pd
from shapely import Point

from geozones.common.errors import InputError
from geozones.common.files import DATA_FOLDER
from geozones.domain.proposal_conditions import ProofStatus, ProposalConditions
from geozones.effect import Effect
from geozones.intake.manifest_file import find_data_folder
from geozones.metrics import number_of
from geozones.render.standalone_map import MappedFrame
from geozones.workspace.figures.costs import cost_json
from geozones.workspace.figures.plan_comparison import plan_change
from geozones.workspace.figures.study import Study, baseline_study, open_study
from geozones.workspace.figures.vigilance import metrics_and_points
from geozones.workspace.folder.territories import territory_folder
from geozones.workspace.folder.territory import lycee_named, zone_named
from geozones.workspace.ledger import ledger_here, with_publications
from geozones.workspace.proposals.solve import named_options
from geozones.workspace.proposals.solve import propose as solve


@dataclass(frozen=True, eq=False)
class TerritoryPlan:
    """Plan of an opened territory; a move makes another one."""

    study: Study  # All that the use cases know of the plan.
    proof: ProofStatus | None = None  # Proof of a proposed plan; ``None`` for another one.

    def move(self, site: str, zone: str) -> "TerritoryPlan":
        """Return the plan with one site in another zone, each named or given by its code."""
        study = self.study
        moves = {lycee_named(study.territory, site): zone_named(study.territory, study.plan, zone)}
        verdict = study.may_move_all(moves)
        if not verdict.allowed:
            raise InputError(f"Déplacement refusé : {' '.join(verdict.reasons)}")
        return TerritoryPlan(study.with_plan(study.plan.move_all(moves)))

    @property
    def sites(self) -> MappedFrame:
        """Sites by code: name, town, number of persons, zone and sector (codes), point."""
        study, plan = self.study, self.study.plan
        sites = {code: study.territory.lycees[code] for code in plan.lycees}
        rows = [
            {
                "name": site.label,
                "commune": site.commune,
                "departement": site.departement,
                "size": site.pupils,
                "zone": plan.zone_of(code).id,
                "sector": plan.sector_of(code).id,
                "color": study.territory.colour(plan, plan.zone_of(code).id),
            }
            for code, site in sites.items()
        ]
        return _frame(rows, sites, [Point(site.lon, site.lat) for site in sites.values()])

    @property
    def zones(self) -> MappedFrame:
        """Zones by code: name, sector (code and name), number of sites, land."""
        territory, plan = self.study.territory, self.study.plan
        rows = [
            {
                "name": zone.name,
                "sector": zone.sector,
                "sector_name": plan.sector(zone.sector).name,
                "sites": len(plan.members(zone.id)),
                "color": territory.colour(plan, zone.id),
            }
            for zone in plan.zones
        ]
        shapes, codes = territory.zone_shapes(plan), [zone.id for zone in plan.zones]
        return _frame(rows, codes, [shapes.get(code) for code in codes])

    @property
    def moves(self) -> pd.DataFrame:
        """Sites that change zone since the plan that the territory was opened with, by code."""
        moved = self.study.plan.moves_from(self.study.reference)
        rows = [(code, self.study.name(code), old, new) for code, old, new in moved]
        return pd.DataFrame(rows, columns=["code", "name", "from", "to"]).set_index("code")


def _frame(
    rows: Sequence[Mapping[str, object]], codes: Iterable[str], shapes: Sequence[object]
) -> MappedFrame:
    return MappedFrame(rows, pd.Index([*codes], name="code"), geometry=shapes, crs="EPSG:4326")


@dataclass(frozen=True, eq=False)
class OpenedTerritory:
    """Opened territory; its plan is the one in force, else the starting plan."""

    plan: TerritoryPlan

    @property
    def sites(self) -> MappedFrame:
        """Sites of `plan`."""
        return self.plan.sites

    @property
    def zones(self) -> MappedFrame:
        """Zones of `plan`."""
        return self.plan.zones

    @cached_property
    def minutes(self) -> pd.DataFrame:
        """Minutes from each site (row) to each other (column), by code; NaN without a road."""
        times = self.plan.study.times
        return pd.DataFrame(times.minutes, list(times.origins), list(times.destinations))

    def metrics(self, plan: TerritoryPlan | None = None) -> pd.DataFrame:
        """Return the metrics of the region, the sectors and the zones of a plan (`plan`).

        Their keys are those of docs/reference.md; those without any number are left out.
        """
        answer = metrics_and_points((plan or self.plan).study)
        rows = {("region", ""): answer["region"]}
        rows |= {("sector", code): row for code, row in answer["sectors"].items()}
        return _areas(rows | {("zone", code): row for code, row in answer["zones"].items()})

    def cost(self, plan: TerritoryPlan | None = None) -> pd.DataFrame:
        """Return the yearly cost of the same areas: hours, kilometres, posts."""
        study = (plan or self.plan).study
        sectors = {("sector", each.id): {"sector_id": each.id} for each in study.plan.sectors}
        zones = {("zone", each.id): {"zone_id": each.id} for each in study.plan.zones}
        areas = {("region", ""): dict[str, str]()} | sectors | zones
        return _areas({area: cost_json(study.cost(**asked)) for area, asked in areas.items()})

    def effect(self, moved: TerritoryPlan, *, plan: TerritoryPlan | None = None) -> Effect:
        """Return what a moved plan does to a plan (`plan`): who loses, figures, verdict."""
        return plan_change((plan or self.plan).study, moved.study)

    def propose(
        self,
        max_moves: int | None = None,
        *,
        plan: TerritoryPlan | None = None,
        **conditions: Any,  # noqa: ANN401 - the fields of ProposalConditions
    ) -> TerritoryPlan:
        """Return the plan of the fewest hours a year, with at most ``max_moves`` moves.

        ``conditions`` are the other fields of `ProposalConditions`, such as ``sectors``, named.
        """
        study = (plan or self.plan).study
        asked = ProposalConditions(max_moves=max_moves, **conditions)
        result = solve(study, named_options(study, asked))
        if result.status in {ProofStatus.INFEASIBLE, ProofStatus.UNKNOWN}:
            raise InputError(result.why or "Aucun plan n'a été trouvé dans le temps donné.")
        return TerritoryPlan(study.with_plan(result.plan), result.status)


def _areas(rows: Mapping[tuple[str, str], Mapping[str, object]]) -> pd.DataFrame:
    """Return the figures of areas by level (region, sector, zone) and code."""
    figures = [{key: number_of(value) for key, value in row.items()} for row in rows.values()]
    index = pd.MultiIndex.from_tuples(list(rows), names=["level", "code"])
    return pd.DataFrame(figures, index, dtype=float).dropna(axis="columns", how="all")


_opened: dict[Path, OpenedTerritory] = {}


def open_territory(territory: str | PathLike[str] = "") -> OpenedTerritory:
    """Open a territory once; see `geozones.open`."""
    folder = territory_folder(str(territory)) if str(territory) else find_data_folder().absolute()
    if folder not in _opened:
        if _opened:  # the words and the rules of a territory are those of the process
            raise InputError(
                "Un processus Python n'ouvre qu'un territoire, ici celui du dossier "
                f"{next(iter(_opened))} : ouvrez {folder} dans un autre."
            )
        environ[DATA_FOLDER] = str(folder)
        analysis = open_study(folder).analysis
        analysis = with_publications(ledger_here(analysis.territory.atlas), analysis)
        _opened[folder] = OpenedTerritory(TerritoryPlan(baseline_study(analysis)))
    return _opened[folder]
