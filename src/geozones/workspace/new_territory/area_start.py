"""Start of a territory without a list: an area of France, its lycées, communes and extracts."""

import csv
import io
from dataclasses import dataclass, replace
from functools import cached_property

from geozones.common.errors import GeozonesError, InputError
from geozones.common.french import listing, number, plural
from geozones.domain.identifiers import KnownArea, RoadExtract
from geozones.territory.france import France, extracts_of, open_france
from geozones.workspace.new_territory.territory_request import (
    SiteList,
    TerritoryRequest,
    read_sites,
)

#: What places of an area are known, by their name in a command.
PLACES = ("lycees",)
#: Where the places of the list stand, as credits and pages say it.
_AT_MAIRIE = "positions à la mairie de la commune, pas à l'adresse"
_HEAD = ("code", "nom", "code postal", "commune", "insee", "departement")
_LYCEE_COLUMNS = ("uai", "nom", "code_postal", "commune", "insee", "departement")


def known_areas(text: str = "") -> tuple[KnownArea, ...]:
    """Return the areas that a territory may begin with, those of a text where one is given."""
    france = open_france()
    return france.matching(text) if text.strip() else france.areas


def missing_france() -> str:
    """Return why the data of France is not available, in French; empty if it is."""
    try:
        open_france()
    except GeozonesError as error:
        return str(error)
    return ""


def area_named(text: str) -> KnownArea:
    """Return the area of a name or a code; raise ``InputError`` with near names."""
    return open_france().named(text)


@dataclass(frozen=True)
class AreaStart:
    """Start of a territory from the data of France: lycées, communes and road extracts of an area.

    Raises ``InputError`` or ``DataFileError`` at first use if that data is missing or altered.
    """

    area: KnownArea

    @cached_property
    def _france(self) -> France:
        return open_france()

    def request(self, name: str) -> TerritoryRequest:
        """Return the request for a territory of the known lycées; raise as `content` does."""
        asked = TerritoryRequest(
            name,
            self.content,
            self.list_name,
            list_credit=f"{self._france.lycees_source.credit} ; {_AT_MAIRIE}",
        )
        return self.with_communes(asked)

    def with_communes(self, asked: TerritoryRequest) -> TerritoryRequest:
        """Return a request for a territory with the communes of the area."""
        credit = self._france.communes_source.credit
        return replace(asked, area=self.area, area_credit=credit)

    @property
    def list_name(self) -> str:
        """Name of the list of the known lycées."""
        return f"liste nationale des lycées, {self.area.name}"

    @cached_property
    def content(self) -> bytes:
        """List of the known lycées, as `read_sites` reads it; raise ``InputError`` without two."""
        rows = self._france.lycees(self.area)
        if len(rows) < 2:
            raise InputError(
                f"La liste nationale a {plural(len(rows), 'lycée')} pour {self.area.label} : un "
                "territoire en a au moins deux. Choisissez un territoire plus grand, ou donnez une "
                "liste."
            )
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";")
        writer.writerow(_HEAD)
        writer.writerows(rows[list(_LYCEE_COLUMNS)].itertuples(index=False))
        return text.getvalue().encode()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Warnings about the list, shown before a territory is made of it, in French sentences."""
        gaps = self._france.lycees_source.gaps
        return tuple(f"{gap[:1].upper()}{gap[1:]}." for gap in gaps[:3])

    @property
    def extracts(self) -> tuple[RoadExtract, ...]:
        """The fewest road extracts that cover the area."""
        return extracts_of(self.area)


@dataclass(frozen=True)
class AreaReading:
    """Known lycées of an area, as read, for a page that asks before it makes a territory."""

    asked: TerritoryRequest  # Request for the territory as it is without further choices.
    listed: SiteList  # The list of the lycées.
    points: tuple[tuple[float, float], ...]  # Latitude and longitude of the mairie of each.
    warnings: tuple[str, ...]  # What the list lacks, in French sentences.
    roads: str  # The road extracts to ask for, in French; empty for none.


def read_area(area: KnownArea) -> AreaReading:
    """Read the known lycées of an area."""
    start = AreaStart(area)
    asked = start.request(area.name)
    communes = open_france().communes(area)
    columns = (communes[name] for name in ("code", "lat", "lon"))
    by_code = {code: (lat, lon) for code, lat, lon in zip(*columns, strict=True)}
    listed = read_sites(asked.content, {})
    return AreaReading(
        asked=asked,
        listed=listed,
        points=tuple(by_code[site.insee] for site in listed.sites),
        warnings=start.warnings,
        roads=roads_sentence(start.extracts),
    )


def roads_sentence(extracts: tuple[RoadExtract, ...]) -> str:
    """Return the files of road extracts and their sizes in a French sentence; empty for none."""
    told = [f"{each.file}, {_size(each)}" for each in extracts]
    return f"Pour les temps de trajet : {listing(told)}." if told else ""


def _size(extract: RoadExtract) -> str:
    return "taille inconnue" if extract.size is None else f"{number(extract.size / 1e6)} Mo"
