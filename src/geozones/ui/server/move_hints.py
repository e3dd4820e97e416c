"""Endpoint of the move hints: what moving the lycée under the pointer would change.

The map requests the hints directly, without a rerun of the page. The address holds the key of the
plan on screen, which the scene names; the key of another process, or of a plan long gone, is
answered by 404.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geozones.workspace.moves.hints import packed_hints

#: Path of the endpoint, beside Streamlit's own addresses.
PATH = "/app/hints"


async def _hints(request: Request) -> Response:
    key, lycee = request.path_params["key"], request.path_params["lycee"]
    content = await run_in_threadpool(packed_hints, key, lycee)
    if content is None:
        return Response(status_code=404)
    headers = {"Cache-Control": "private, max-age=3600"}  # the key changes with the plan
    return Response(content, media_type="application/json", headers=headers)


def route(base_path: str) -> Route:
    """Return the route of the endpoint, under the base path of the app."""
    return Route(f"{base_path}{PATH}/{{key}}/{{lycee}}", _hints)
