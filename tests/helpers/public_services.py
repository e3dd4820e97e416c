"""Answers of public services for Corse: the directory of schools, the outlines of communes."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from geozones.domain.identifiers import FrenchArea
from helpers.web_service import Call, Reply

FIXTURES = Path(__file__).parents[1] / "fixtures"
CORSE = FrenchArea("Corse", ("2A", "2B"))


@lru_cache
def directory() -> tuple[dict[str, Any], ...]:
    """Records of the directory."""
    text = (FIXTURES / "services" / "annuaire_corse.json").read_text(encoding="utf-8")
    return tuple(json.loads(text))


def directory_answer(call: Call) -> Reply:
    """Answer ``exports/json`` as Explore v2.1 does for the départements asked for."""
    codes = re.findall(r'"(\w{3})"', call.query["where"].partition("code_departement in")[2])
    fields = call.query["select"].split(",")
    found = [record for record in directory() if record["code_departement"] in codes]
    body = [{field: record[field] for field in fields} for record in found]
    return Reply(body=json.dumps(body).encode())


@lru_cache
def outlines(departement: str) -> bytes:
    """Return the answer of geo.api.gouv.fr for the communes of a département of Corse."""
    text = (FIXTURES / "territories" / "communes_corse.geojson").read_text(encoding="utf-8")
    features = [
        {
            "type": "Feature",
            "properties": {
                "nom": read["nom"],
                "code": read["insee"],
                "codeEpci": "242010056",
                "epci": {"code": "242010056", "nom": read["epci"]},
                "population": read["population"],
            },
            "geometry": feature["geometry"],
        }
        for feature in json.loads(text)["features"]
        if (read := feature["properties"])["dep"] == departement
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def outlines_answer(call: Call) -> Reply:
    """Answer ``/departements/{code}/communes``."""
    found = re.fullmatch(r"/departements/(\w+)/communes", call.path)
    assert found
    assert (call.query["format"], call.query["geometry"]) == ("geojson", "contour")
    return Reply(body=outlines(found[1]))


def answer_all(call: Call) -> Reply:
    """Answer as both services."""
    return (
        outlines_answer(call) if call.path.startswith("/departements") else directory_answer(call)
    )
