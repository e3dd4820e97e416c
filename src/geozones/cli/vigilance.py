"""« vigilance »: points to watch in a plan."""

from typing import Annotated

from geozones.cli.answers import Answer
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.parameters import one_of, option
from geozones.cli.reply import Reply
from geozones.metrics.watch_list import watch_list
from geozones.workspace.vigilance import (
    RuleOrigin,
    VigilancePoint,
    chosen,
    vigilance,
)

_DECIDED = {"oui": True, "non": False}


def watch(
    *,
    sector: Annotated[str | None, option("CODE", "d'un secteur (sinon, tous)")] = None,
    origin: Annotated[
        str | None,
        option(
            "ORIGINE",
            "d'une origine : document, outil ou vous (sinon, toutes)",
            check=one_of(list(RuleOrigin)),
        ),
    ] = None,
    decided: Annotated[
        str | None,
        option(
            "OUI",
            "oui : publié ou retenu ; non : proposé ou brouillon (sinon, les deux)",
            check=one_of(list(_DECIDED)),
        ),
    ] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Print the points to watch of a plan: rule breaches, fragile zones, weak presence."""
    study = common.study()
    if sector is not None:
        study.plan.sector(sector)  # raises if the plan has no such sector
    points = chosen(
        vigilance(study),
        sector=sector,
        decided=None if decided is None else _DECIDED[decided],
        origin=None if origin is None else RuleOrigin(origin),
    )
    watched = watch_list(points)
    answer = {
        "count": watched.count,
        "to_confirm": watched.to_confirm,
        "points": [_point(point) for point in points],
    }
    return common.reply(study, answer, lambda answer: _text(watched.text, answer))


def _point(point: VigilancePoint) -> Answer:
    return {
        "kind": point.kind.value,
        "sentence": point.sentence,
        "rule": point.rule or None,
        "origin": point.origin.value,
        "severity": point.severity.value,
        "sector": point.sector,
        "zone": point.zone,
        "lycees": list(point.lycees),
        "status": point.status.value,
        "decided": point.is_decided,
        "about": point.about,
        "to_confirm": point.to_confirm,
    }


def _text(count: str, answer: Answer) -> str:
    lines = [
        f"[{point['severity']}, {point['about']}] {point['sentence']}" for point in answer["points"]
    ]
    return "\n".join([f"{count}.", *lines])
