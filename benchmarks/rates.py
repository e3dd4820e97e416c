"""Best plans by the rate of exchange: today, then the best at 0, 0.5, 1 and 2.

Run ``python benchmarks/rates.py``. Prints a Markdown table: for each sector and the region, the
figures of the starting plan, then those of the proven best plan at each rate, under all the rules.
"""

from dataclasses import replace

from geozones.common.french import number
from geozones.domain.proposal_conditions import ProofStatus, ProposalConditions
from geozones.metrics import VIGILANCE
from geozones.metrics.metric_registry import watch_list
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.figures.vigilance import chosen, vigilance
from geozones.workspace.proposals.solve import propose, search_options

RATES = (0.0, 0.5, 1.0, 2.0)


def main() -> None:
    """Print the table."""
    study = open_study()
    heads = ("", "rate", "moves", "road, h", "without technician, h", "absorbed", "posts")
    print(f"| {' | '.join((*heads, 'slowest relève', 'points'))} |")
    print("|---" * (len(heads) + 2) + "|")
    for sector in (*study.plan.sectors, None):
        sector_id, name = (None, "Region") if sector is None else (sector.id, sector.name)
        print(_row(study, sector_id, f"**{name}**", "today", 0))
        for rate in RATES:
            tried = study.with_cost_settings(replace(study.settings.cost, absence_weight=rate))
            asked = ProposalConditions(sectors=() if sector_id is None else (sector_id,))
            found = propose(tried, search_options(tried, asked))
            assert found.status is ProofStatus.OPTIMAL, (name, rate, found.status)
            after = study.with_plan(found.plan)
            print(_row(after, sector_id, "", f"{rate:g}", len(found.moves)))


def _row(study: Study, sector_id: str | None, name: str, rate: str, moves: int) -> str:
    cost, area = study.cost(sector_id=sector_id), study.area(sector_id)
    points = watch_list(chosen(vigilance(study), sector_id=sector_id)).count
    slowest = area["worst_releve_minutes"]
    low, high = study.posts_range(sector_id=sector_id)
    cells = (
        name,
        rate,
        str(moves) if moves else "",
        number(cost.road_hours),
        number(cost.unattended_hours),
        f"{number(cost.absorbed_share or 0.0)} %",
        f"{cost.posts} ({low} to {high})",
        f"{slowest:.0f} min" if isinstance(slowest, float) else "",
        VIGILANCE.write(points),
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
