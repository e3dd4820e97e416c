"""Answers to the browser about the plan on screen, without a rerun of the page.

They give the effect of moving the pressed lycée to each zone, the effect of one move, and the card
of what is clicked. The address has the key of the plan, which the scene names; an unknown or
expired key gets 404.
"""

import json
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geozones.ui.state.carte_views import Selection
from geozones.ui.widgets import panel
from geozones.workspace.moves.destinations import packed_hints, plan_on_screen
from geozones.workspace.moves.preview import preview

#: Paths of the answers, beside Streamlit's own addresses.
LIVE_PATH = "/app/live"


def packed_effect(key: str, lycee_id: str, zone_id: str) -> str | None:
    """Return the effect of a move on a plan on screen, as JSON; ``None`` if it is forbidden.

    ``answer`` is the message that follows the move and ``kind`` its colour, ``figures`` the figures
    of the region after it.
    """
    study = plan_on_screen(key)
    if study is None or lycee_id not in study.plan.zone_by_lycee:
        return None
    if not study.plan.has_zone(zone_id) or study.plan.zone_of(lycee_id).id == zone_id:
        return None
    effect = preview(study, lycee_id, zone_id)
    if not effect.verdict.allowed:
        return None
    figures = panel.region_figures(study.with_plan(effect.after))
    told = {"answer": effect.answer, "kind": panel.answer_kind(effect), "figures": figures}
    return json.dumps(told, ensure_ascii=False)


def packed_card(key: str, kind: str, name: str) -> str | None:
    """Return the card of a lycée or a zone (id) of a plan on screen, as JSON; ``None`` for none."""
    study = plan_on_screen(key)
    if study is None:
        return None
    if kind == "lycee" and name in study.plan.zone_by_lycee:
        card = panel.lycee_card(study, name, folded=True)
    elif kind == "zone" and study.plan.has_zone(name):
        card = panel.details(study, Selection(zone=name))
    else:
        return None
    return json.dumps({"card": str(card)}, ensure_ascii=False)


#: Path parameters of each answer, and what returns it.
_ANSWERS: dict[str, Callable[..., str | None]] = {
    "hints/{key}/{lycee_id}": packed_hints,
    "move/{key}/{lycee_id}/{zone_id}": packed_effect,
    "card/{key}/{kind}/{name}": packed_card,
}


def routes(base_path: str) -> list[Route]:
    """Return the routes of the answers, under the base path of the app."""
    return [
        Route(f"{base_path}{LIVE_PATH}/{path}", _answering(answer))
        for path, answer in _ANSWERS.items()
    ]


def _answering(answer: Callable[..., str | None]) -> Callable[[Request], object]:
    async def respond(request: Request) -> Response:
        content = await run_in_threadpool(answer, **request.path_params)
        if content is None:
            return Response(status_code=404)
        headers = {"Cache-Control": "private, max-age=3600"}  # the key changes with the plan
        return Response(content, media_type="application/json", headers=headers)

    return respond
