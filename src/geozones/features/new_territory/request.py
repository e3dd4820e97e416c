"""Request for a new territory, the list read for it, and its files, whole or not at all."""

import csv
import io
import json
import shlex
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely.geometry import mapping

from geozones.common.errors import InputError
from geozones.common.files import new_folder, territories_folder, write_atomically
from geozones.common.french import number
from geozones.domain import Lycee, Plan
from geozones.domain.identifiers import KnownArea, departement_name
from geozones.domain.places import Spot
from geozones.domain.settings import FolderCredits, TerritoryManifest
from geozones.domain.terms import SITES, terms, using_terms
from geozones.export.file_parts import safe_cell, slug
from geozones.features.new_territory.placing import PositionDoubt
from geozones.intake.data_folder import read_data_folder, sectors_document, sites_document
from geozones.intake.manifest_file import NAME, credit_of, manifest_toml
from geozones.intake.site_fields import FRANCE, Bounds, is_coordinate
from geozones.intake.site_list import (
    LeftOutRow,
    SiteList,
    bad_codes,
    no_sites,
    read_site_list,
)

#: Credit of a map whose land is not that of communes.
_WITHOUT_COMMUNES = "terres tracées par l'outil autour des points, sans limites ni côtes réelles"


@dataclass(frozen=True)
class TerritoryRequest:
    """New territory that a user asks for."""

    name: str  # Its name, such as « Bretagne ».
    #: The list of sites, the name of its file, and its credit if it is not that name.
    content: bytes
    list_name: str
    #: Columns chosen by the user: see `recognise`.
    corrections: Mapping[str, str] = field(default_factory=dict)
    #: Positions that the user gives to some lines, in place of those of the list.
    positions: Mapping[int, Spot] = field(default_factory=dict)
    #: Fewest and most sites of a drafted zone, or the number of zones; how sectors are drafted.
    sizes: tuple[int, int] | None = None
    zones: int | None = None
    sectors: str | int | None = None
    #: A file of communes, OpenStreetMap extracts, a matrix of minutes; each may be missing.
    communes: Path | None = None
    extracts: tuple[Path, ...] = ()
    minutes: Path | None = None
    minutes_columns: Mapping[str, str] = field(
        default_factory=dict
    )  # Chosen by the user, as above.
    #: Area of France whose communes are used in place of a file, and their credit.
    area: KnownArea | None = None
    area_credit: str = ""
    folder: Path | None = None  # The folder to make; by default one of the user's own territories.
    replace: bool = False  # Whether a territory that is already there is replaced.
    list_credit: str = ""

    @property
    def path(self) -> Path:
        """The folder to make."""
        return (self.folder or territories_folder() / slug(self.name)).absolute()

    def manifest(self, day: str) -> TerritoryManifest:
        """Return the manifest of the territory, made on a day (ISO); ids are those of the list."""
        drawn = self.communes is None and self.area is None
        communes = "" if self.communes is None else credit_of(self.communes)
        return TerritoryManifest(
            name=self.name,
            created_on=day,
            words="sites",
            sizes=self.sizes,
            credits=FolderCredits(
                sites=self.list_credit or self.list_name,
                minutes="" if self.minutes is None else self.minutes.name,
                communes=self.area_credit or communes,
                ground=_WITHOUT_COMMUNES if drawn else "",
            ),
        )

    @property
    def left_out_path(self) -> Path:
        """The file of the rows left out, beside the folder."""
        return self.path.with_name(f"{self.path.name}-lignes-ecartees.csv")


@dataclass(frozen=True, slots=True)
class StepDone:
    """Step of the making: its name, what came of it in French, its seconds."""

    step: str
    text: str
    seconds: float


@dataclass(frozen=True)
class NewTerritory:
    """Territory that was made."""

    folder: Path  # Its data folder.
    listed: SiteList  # The list as it was read: columns, sites, rows left out.
    left_out_file: Path | None  # File of the rows left out; ``None`` if there is none.
    sites: int  # How many the territory has.
    zones: int
    sectors: int
    minutes_by: str  # Engines that gave the minutes, in words.
    steps: tuple[StepDone, ...]  # What was done, in order.
    remarks: tuple[str, ...]  # What the user should know or check, in French sentences.
    doubts: tuple[PositionDoubt, ...]  # Sites far from all others, and where they may be.

    @property
    def left_out(self) -> tuple[LeftOutRow, ...]:
        """The rows of the list that are no site, in order."""
        return self.listed.left_out

    @property
    def command(self) -> str:
        """The command that opens it."""
        made_here = self.folder.parent == territories_folder().absolute()
        named = self.folder.name if made_here else str(self.folder)
        return f"geozones serve --folder {shlex.quote(named)}"

    @property
    def seconds(self) -> float:
        """Duration of all steps."""
        return sum(step.seconds for step in self.steps)


#: A folder that holds one of these is a territory: a new one may replace it.
_MARKS = (NAME, "secteurs.json")


@dataclass(frozen=True)
class FolderContent:
    """Content of a data folder."""

    manifest: TerritoryManifest  # Its name, words, ids, rules and credits.
    sites: Mapping[str, Lycee]  # The sites by id, and their zones.
    plan: Plan
    drafts: Mapping[str, str]  # Who drew the plan, and when, as ``secteurs.json`` writes it.
    matrix: Path  # File of the drives, which is copied.
    communes: gpd.GeoDataFrame | None  # The communes of the territory; ``None`` without any.
    departements: gpd.GeoDataFrame  # Outlines of the départements, by code.


def write_territory(path: Path, content: FolderContent, *, replace: bool) -> None:
    """Write a data folder whole, once it was checked that it opens; else write nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with new_folder(path, may_replace=lambda folder: replace and is_territory(folder)) as folder:
        _write(folder, content)
        read_data_folder(folder)


def is_territory(folder: Path) -> bool:
    """Return whether a folder is a data folder."""
    return any((folder / name).is_file() for name in _MARKS)


def _write(folder: Path, content: FolderContent) -> None:
    files = content.manifest.files
    (folder / NAME).write_text(manifest_toml(content.manifest), encoding="utf-8")
    _write_json(folder / files.sites, sites_document(content.sites, content.plan))
    document = sectors_document(content.plan, content.drafts)
    _write_json(folder / files.sectors, document)
    shutil.copyfile(content.matrix, folder / files.minutes)
    if content.communes is not None:
        content.communes.to_parquet(folder / files.communes, compression="zstd", index=False)
    for code, shape in zip(content.departements["id"], content.departements.geometry, strict=True):
        (folder / "departements").mkdir(exist_ok=True)
        properties = {"code": code, "nom": departement_name(code)}
        feature = {"type": "Feature", "properties": properties, "geometry": mapping(shape)}
        _write_json(folder / "departements" / f"{code}.geojson", feature)


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_left_out(path: Path, rows: Iterable[LeftOutRow], titles: Iterable[str]) -> None:
    """Write the rows left out as a CSV for a spreadsheet: line, reason, then the row as it was."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["ligne", "raison", *map(safe_cell, titles)])
    for row in rows:
        writer.writerow([row.line, row.reason, *map(_as_it_was, row.cells)])
    write_atomically(path, "\ufeff" + text.getvalue())


def _as_it_was(cell: str) -> str:
    """Return a cell safe from formulas; coordinates stay as they are."""
    return cell if is_coordinate(cell) else safe_cell(cell)


__all__ = ["MAX_SITES", "SiteList", "read_sites"]

#: Most sites of a territory: with more, the map and its figures take minutes.
MAX_SITES = 3_000


@using_terms(SITES)
def read_sites(
    content: bytes | str, corrections: Mapping[str, str], lands: Sequence[Bounds] = FRANCE
) -> SiteList:
    """Read a list of sites, in any format: its sites, columns, rows left out with reasons, remarks.

    ``corrections`` is the column of each field that the user chose, by title or rank
    (`recognise`); ``lands`` are where the sites are expected, to tell latitudes from longitudes.
    What is said has the words of the territory to be made, not those of the open one.
    """
    listed = read_site_list(content, corrections, lands)
    listed = listed.without(bad_codes(listed.sites))
    if not listed.sites:
        raise no_sites(listed)
    if len(listed.sites) > MAX_SITES:
        raise InputError(
            f"Cette liste a {number(len(listed.sites))} {terms().site.plural} : un territoire en a "
            f"{number(MAX_SITES)} au plus. Faites-en plusieurs, par exemple un par département."
        )
    return listed
