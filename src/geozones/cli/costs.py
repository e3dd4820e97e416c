"""« cost »: yearly cost of a plan by item, zone and sector, and its hypotheses."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Annotated

from geozones.cli.options import DEFAULTS, Answer, CommonOptions, Precise, area_names, table
from geozones.cli.parameters import Reply, option
from geozones.cli.teams import posts_beyond
from geozones.common.errors import InputError
from geozones.common.french import capital, number, plural
from geozones.domain.terms import has_organisation, terms, worded
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
from geozones.workspace.teams import Staff, sharing_sentences, unshared_in

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
    return common.reply(study, answer, partial(_text, study), shows_figures=True, names_plan=True)


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
    areas = {"": region} | answer["sectors"] | answer["zones"]
    names = {"": capital(terms().territory.singular)} | area_names(study.plan)
    heads = ("", "par an", "route", f"sans {terms().technician}", "km", "postes")
    lines = table(heads, [(names[code], *_figures(row)) for code, row in areas.items()])
    lines += [
        f"{names[code]} : {row['more_posts']['said']}"
        for code, row in areas.items()
        if row.get("more_posts")
    ]
    lines.append(worded("Dans le total {of_the_territory} :"))
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
    if has_organisation() and (unknown := region["unknown"].get("tis")):
        zones = plural(unknown, "zone", "zones")
        experts, centre = terms().sector_technician, terms().support_centre
        lines.append(
            f"Déplacements des {experts.plural} non renseignés dans {zones} : pas {centre.of} "
            "publié."
        )
    return "\n".join(lines)


def _figures(row: Answer) -> Iterator[str]:
    hours = {**row, **whole_hours(row)}
    yield from (_hours(hours[key]) for key in ("total_hours", "road_hours", "unattended_hours"))
    yield from (number(row[key]) for key in ("km", "posts"))


def _hours(value: float) -> str:
    return "sans accès" if value == float("inf") else f"{number(value)} h"
