"""« cost »: yearly cost of a plan by item, zone and sector, and its hypotheses."""

from collections.abc import Mapping
from typing import Any

from geozones.cli.answers import Answer
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.reply import Reply
from geozones.common.french import number, plural
from geozones.domain.yearly_cost import ItemCost, YearlyCost
from geozones.workspace.costs import ITEMS, hypotheses_json
from geozones.workspace.study import Study


def cost(*, common: CommonOptions = DEFAULTS) -> Reply:
    """Print the yearly hours on the road and hours not served, by item, zone and sector."""
    study = common.study()
    answer: Answer = {
        "region": _json(study, study.cost()),
        "sectors": {
            sector.id: _json(study, study.cost(sector=sector.id)) for sector in study.plan.sectors
        },
        "zones": {zone.id: _json(study, study.cost(zone=zone.id)) for zone in study.plan.zones},
        "hypotheses": hypotheses_json(study.settings),
    }
    return common.reply(study, answer, _text)


def _json(study: Study, cost: YearlyCost) -> Answer:
    return {
        "road_hours": cost.road_hours,
        "unserved_hours": cost.unserved_hours,
        "total_hours": cost.total_hours,
        "displaced_hours": cost.displaced_hours,
        "km": cost.km,
        "euros": cost.euros,
        "kg_co2": cost.kg_co2,
        "posts": float(cost.posts),
        "posts_defined": cost.defined,
        "lycees": cost.lycees,
        "unknown": dict(cost.unknown),
        "items": {key: _item(study, entry) for key, entry in cost.items.items()},
    }


def _item(study: Study, item: ItemCost) -> Answer:
    hours = study.settings.teams.half_day_minutes / 60
    return {
        "road_hours": item.road_hours,
        "km": item.km,
        "unserved_hours": item.unserved_half_days * hours,
        "displaced_hours": item.displaced_half_days * hours,
    }


def _text(answer: Answer) -> str:
    region = answer["region"]
    lines = [_line("Région", region)]
    for key, entry in region["items"].items():
        hours = entry["road_hours"] + entry["unserved_hours"]
        lines.append(f"  {ITEMS[key].label} : {_hours(hours)}")
        lines.append(f"    {ITEMS[key].formula}")
    lines += _lines(answer["sectors"])
    lines += _lines(answer["zones"])
    if unknown := region["unknown"].get("tis"):
        zones = plural(unknown, "zone", "zones")
        lines.append(
            f"Déplacements des T.I.S. non renseignés dans {zones} : pas de centre support publié."
        )
    if not region["posts_defined"]:
        lines.append("Là où aucun poste n'est défini, ils sont estimés d'après les besoins.")
    return "\n".join(lines)


def _lines(areas: Mapping[str, Any]) -> list[str]:
    return [_line(name, row) for name, row in areas.items()]


def _line(name: str, row: Answer) -> str:
    return (
        f"{name:<18} {_hours(row['total_hours']):>9} par an   route {_hours(row['road_hours']):>9}"
        f"   service perdu {_hours(row['unserved_hours']):>9}   {number(row['km']):>7} km"
        f"   {number(row['posts'], 1):>5} postes"
    )


def _hours(value: float) -> str:
    return "sans accès" if value == float("inf") else f"{number(value)} h"
