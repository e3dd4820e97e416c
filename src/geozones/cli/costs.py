"""« cost »: yearly cost of a plan by item, zone and sector, and its hypotheses."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from geozones.cli.options import DEFAULTS, Answer, CommonOptions, Precise, area_names
from geozones.cli.parameters import Reply, option
from geozones.cli.teams import posts_beyond
from geozones.common.errors import InputError
from geozones.common.french import capital, number, plural
from geozones.domain.terms import has_organisation, terms
from geozones.metrics.metric import whole_hours
from geozones.workspace.figures.costs import (
    ITEMS,
    cost_figures,
    cost_json,
    hypotheses_json,
    item_label,
    with_hypotheses,
)
from geozones.workspace.figures.study import Study
from geozones.workspace.teams.cost_summary import sharing_sentences, unshared_in
from geozones.workspace.teams.staff import Staff

#: Hypotheses as typed.
type Given = Annotated[
    list[str] | tuple[str, ...],
    option("NOM=VALEUR", "autre valeur d'une hypothèse ; répété (absence_rate=0,08)"),
]


def cost(*, hypothesis: Given = (), common: CommonOptions = DEFAULTS) -> Reply:
    """Print the yearly cost and the hours beside it, by item, zone and sector."""
    study = _under(common.study(), hypothesis)
    plan, staff = study.plan, Staff(study)
    answer: Answer = {
        "region": _json(study, [zone.id for zone in plan.zones]),
        "sectors": {
            sector.id: _json(study, [z.id for z in plan.zones_of(sector.id)], sector_id=sector.id)
            for sector in plan.sectors
        },
        "zones": {
            zone.id: _json(study, [zone.id], zone_id=zone.id) | posts_beyond(staff, zone.id)
            for zone in plan.zones
        },
        "hypotheses": {
            name: Precise(value) if isinstance(value, float) else value
            for name, value in hypotheses_json(study.settings).items()
        },
    }
    return common.reply(study, answer, partial(_text, study), shows_figures=True)


def _under(study: Study, given: Sequence[str]) -> Study:
    """Return the study with hypotheses given as ``name=value``, in the unit of their setting."""
    values = {}
    for text in given:
        name, _, value = (part.strip() for part in text.partition("="))
        wrong = InputError(f"« {text[:40]} » n'est pas une hypothèse : écrivez NOM=VALEUR.")
        if not name:
            raise wrong
        try:
            values[name] = float(value.replace(",", "."))
        except ValueError as error:
            raise wrong from error
    settings = with_hypotheses(study.settings, values)
    return study.with_team_settings(settings.teams).with_cost_settings(settings.cost)


def _json(study: Study, zones: Sequence[str], **area: str) -> Answer:
    grids, kept, unshared = study.grid_cost(zones), study.kept, unshared_in(study, zones)
    low, high = study.posts_range(**area)
    return {
        **cost_json(study.cost(**area)),
        "posts_low": low,
        "posts_high": high,
        **({} if kept is None else kept.cost(**area)),
        "unshared": list(unshared.every),
        "newly_unshared": list(unshared.new),
        "grids": None if grids is None else cost_figures(grids),
    }


def _text(study: Study, answer: Answer) -> str:
    region = answer["region"]
    names = area_names(study.plan)
    width = max(map(len, names.values()), default=0)
    lines = [_line(f"{capital(terms().territory.singular):<{width}}", region)]
    for key, entry in region["items"].items():
        known = entry["road_hours"] is not None
        hours = _hours(entry["road_hours"] + entry["hours"]) if known else "non renseigné"
        lines.append(f"  {item_label(key)} : {hours}")
        lines.append(f"    {ITEMS[key].formula}")
    lines.append(
        "Heures hors du coût, qui dépendent du nombre de postes : "
        f"{_hours(region['reduced_hours'])} d'effectif réduit, "
        f"{_hours(region['displaced_hours'])} déplacées."
    )
    if (euros := region["posts_euros"]) is not None:
        posts, each = plural(region["posts"], "poste"), number(study.settings.cost.euros_per_post)
        lines.append(f"Hors du coût : {posts} à {each} €, soit {number(euros)} € par an.")
    lines += sharing_sentences(study, [zone.id for zone in study.plan.zones])
    for code, row in (answer["sectors"] | answer["zones"]).items():
        lines.append(_line(f"{names[code]:<{width}}", row))
        lines += [f"  {row['more_posts']['said']}"] if row.get("more_posts") else []
    if has_organisation() and (unknown := region["unknown"].get("tis")):
        zones = plural(unknown, "zone", "zones")
        experts, centre = terms().sector_technician, terms().support_centre
        lines.append(
            f"Déplacements des {experts.plural} non renseignés dans {zones} : pas {centre.of} "
            "publié."
        )
    return "\n".join(lines)


def _line(name: str, row: Answer) -> str:
    hours = {**row, **whole_hours(row)}
    return (
        f"{name} {_hours(hours['total_hours']):>9} par an   route "
        f"{_hours(hours['road_hours']):>9}   sans {terms().technician} "
        f"{_hours(hours['unattended_hours']):>9}"
        f"   {number(row['km']):>7} km   {number(row['posts']):>3} postes"
    )


def _hours(value: float) -> str:
    return "sans accès" if value == float("inf") else f"{number(value)} h"
