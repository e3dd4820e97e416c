"""Endpoint of the tiles of the close ground, which the map requests as the user moves it.

The address holds the fingerprint of the background in use: a browser may keep a tile for good, and
another background has other addresses.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geozones.workspace.ground_tiles import packed_tile

#: Path of the endpoint, beside Streamlit's own addresses.
PATH = "/app/ground"


async def _tile(request: Request) -> Response:
    given = request.path_params
    content = await run_in_threadpool(
        packed_tile, given["stamp"], given["zoom"], given["column"], given["row"]
    )
    if content is None:
        return Response(status_code=404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(content, media_type="application/json", headers=headers)


def route(base_path: str) -> Route:
    """Return the route of the endpoint, under the base path of the app."""
    place = "{stamp}/{zoom:int}/{column:int}/{row:int}"
    return Route(f"{base_path}{PATH}/{place}", _tile)
