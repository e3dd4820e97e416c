"""« move » and « destinations »: effects of moving a lycée."""

import json
from pathlib import Path
from typing import Annotated, Any

from geozones.cli.answers import Answer, figures, judged, rounded, violations
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.parameters import argument, option
from geozones.cli.reply import Reply
from geozones.common.errors import InputError
from geozones.common.files import write_atomically
from geozones.common.french import signed
from geozones.metrics import VIGILANCE
from geozones.workspace.moves.destinations import Compensation, compensation
from geozones.workspace.moves.destinations import destinations as ranked
from geozones.workspace.moves.equivalence import standings
from geozones.workspace.moves.hours_change import hours_text
from geozones.workspace.moves.preview import preview

Lycee = Annotated[str, argument("LYCEE", "code {of_the_site}")]


def move(
    lycee: Lycee,
    zone: Annotated[str, argument("ZONE", "code de la zone d'arrivée")],
    /,
    *,
    out: Annotated[Path | None, option("FICHIER", "écrire le plan obtenu")] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Print the effect of moving a lycée to a zone; write the resulting plan."""
    study = common.study()
    effect = preview(study, lycee, zone)
    answer: Answer = {
        "allowed": effect.verdict.allowed,
        "reasons": list(effect.verdict.reasons),
        "before": _side(effect.zones, effect.region, 0),
        "after": _side(effect.zones, effect.region, 1),
        "remarks": list(effect.verdict.remarks),
        "violations": violations(study.with_plan(effect.after)),
        "sentence": effect.sentence,
        "figures": figures(effect.headline),
        **judged(effect.judgement),
    }
    if out is not None:
        if not effect.verdict.allowed:
            msg = f"Déplacement refusé, aucun plan écrit : {' '.join(effect.verdict.reasons)}"
            raise InputError(msg)
        text = json.dumps(study.with_plan(effect.after).plan_json(), ensure_ascii=False, indent=1)
        write_atomically(out, text + "\n")
        answer["out"] = str(out)
    return common.reply(study, answer, _move_text)


def _side(zones: dict[str, tuple[Any, Any]], region: tuple[Any, Any], side: int) -> Answer:
    return {
        "zones": {zone: dict(pair[side]) for zone, pair in zones.items()},
        "region": dict(region[side]),
    }


def destinations(lycee: Lycee, /, *, common: CommonOptions = DEFAULTS) -> Reply:
    """Rank the zones that a lycée could join, the best first."""
    study = common.study()
    entries = ranked(study, lycee)
    stands = standings(study, lycee, entries)
    answer: Answer = {
        "destinations": [
            {
                "zone": entry.zone,
                "delta_mean_minutes": rounded(entry.delta_mean_minutes),
                "delta_max_minutes": rounded(entry.delta_max_minutes),
                "delta_objective": rounded(entry.delta_objective),
                "hours": hours_text(entry.hours),
                "more_posts": entry.more_posts,
                "more_points": entry.more_points,
                "alone": entry.alone,
                "group": stands[entry.zone].group,
                **judged(stands[entry.zone].judgement),
                "verdict": stands[entry.zone].text,
                "allowed": entry.allowed,
                "reasons": list(entry.verdict.reasons),
                "take_back": _take_back(compensation(study, lycee, entry.zone)),
            }
            for entry in entries
        ]
    }
    return common.reply(study, answer, _destinations_text)


def _take_back(lycee: Compensation | None) -> Answer | None:
    """Return as JSON the lycée to take back into a zone left too small."""
    if lycee is None:
        return None
    return {
        "lycee": lycee.lycee,
        "from": lycee.origin,
        "delta_objective": rounded(lycee.delta_objective),
    }


def _move_text(answer: Answer) -> str:
    notes = (*answer["reasons"], *answer["remarks"])
    return "\n".join([answer["sentence"], *(f"- {sentence}" for sentence in notes)])


def _take_back_text(lycee: Answer | None) -> str:
    if lycee is None:
        return ""
    return f" Reprendre {lycee['lycee']} de {lycee['from']}."


def _standing_text(entry: Answer) -> str:
    if not entry["allowed"]:
        return "interdit"
    points = entry["more_points"]
    watched = f"{VIGILANCE.label.lower()} {signed(points, 0)}" if points else ""
    return "   ".join(
        filter(None, ("possible", f"groupe {entry['group']}", watched, entry["verdict"]))
    )


def _destinations_text(answer: Answer) -> str:
    return "\n".join(
        f"{entry['zone']:<6} {entry['hours']:>9} par an   "
        f"{_standing_text(entry)}   {' '.join(entry['reasons'])}"
        f"{_take_back_text(entry['take_back'])}"
        for entry in answer["destinations"]
    )
