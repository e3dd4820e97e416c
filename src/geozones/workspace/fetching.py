"""Files fetched from public services, if the settings or the caller allow it; and the services."""

import csv
import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from geozones.common.clock import today
from geozones.common.errors import InputError, shortened
from geozones.common.files import write_atomically
from geozones.common.french import listing, long_date, number
from geozones.common.pacing import Clock, Progress, no_progress
from geozones.domain.identifiers import french_area
from geozones.export.file_parts import safe_cell, slug
from geozones.fetch import read_fetch_settings
from geozones.fetch.extracts import SUFFIX, ExtractDownload, RemoteExtract, extract_url
from geozones.fetch.places import DirectoryLycee, fetch_communes, fetch_lycees
from geozones.geocode import read_geocode_settings
from geozones.intake.manifest_reading import SourceNote, note_path, write_note
from geozones.territory.france import extracts_of, france_folder, open_france
from geozones.travel.ors_client import PUBLIC_URL as ORS_URL
from geozones.travel.pbf import Extract, read_extract
from geozones.travel.travel_settings import read_travel_settings

_LICENCE = "Licence Ouverte 2.0"
_TITLES = (
    "Code UAI", "Nom", "Type", "Adresse", "Code postal", "Commune", "Code INSEE", "Département",
    "Latitude", "Longitude", "Élèves",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PublicService:
    """Use of a network service by commands, or by pages if the settings allow it."""

    key: str  # The key of the use in JSON, and the French name of the service.
    name: str
    gives: str  # What it gives, and to which commands, in French.
    url: str  # Its address, as the settings have it.
    url_setting: str  # Where the address is set.
    allowed: bool  # Whether the settings allow calls to it.
    allowed_by: str  # The setting that allows them.


@dataclass(frozen=True)
class FetchRequest:
    """File that a user asks for."""

    #: The région or département, by name or code; for roads, any known area, or the address of an
    #: extract.
    area: str
    #: The file to write; by default one named after the area, in the current folder.
    out: Path | None = None
    allow: bool = False  # Whether the user allows the calls, this once.
    replace: bool = False  # Whether a file that is already there is replaced.
    private: bool = False  # Whether private lycées are kept too.


@dataclass(frozen=True)
class FetchedFile:
    """File that was written, with its note beside it."""

    path: Path  # The file, and where it comes from.
    note: SourceNote
    count: int = 0  # Rows of the file; 0 for an extract.
    #: How many rows were left out, by reason.
    left_out: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()  # Remarks for the user, in French sentences.

    @property
    def note_file(self) -> Path:
        """The note beside the file."""
        return note_path(self.path)


def settings_file() -> Path:
    """Return the settings file that allows calls, which may be missing."""
    return read_fetch_settings().file


def public_services() -> tuple[PublicService, ...]:
    """Return every use of a public service, with its address and whether it is allowed."""
    fetching, geocoding = read_fetch_settings(), read_geocode_settings()
    travel = read_travel_settings()
    by_fetch = fetching.allowed, "[services] fetch"
    return (
        PublicService(
            "annuaire",
            "Annuaire de l'éducation",
            "lycées publics, leur adresse et leur position (geozones fetch lycees)",
            _without_password(geocoding.annuaire.url),
            "[geocode.annuaire] url",
            *by_fetch,
        ),
        PublicService(
            "communes",
            "API Découpage administratif",
            "contours des communes (geozones fetch communes)",
            _without_password(fetching.communes.url),
            "[services.communes] url",
            *by_fetch,
        ),
        PublicService(
            "extracts",
            "Geofabrik",
            "extraits de routes d'OpenStreetMap (geozones fetch roads)",
            _without_password(fetching.extracts.url),
            "[services.extracts] url",
            *by_fetch,
        ),
        PublicService(
            "geoplateforme",
            "Géoplateforme",
            "position d'une adresse (geozones geocode, import, new)",
            _without_password(geocoding.geoplateforme.url),
            "[geocode.geoplateforme] url",
            "geoplateforme" in geocoding.providers,
            "[geocode] providers",
        ),
        PublicService(
            "annuaire_positions",
            "Annuaire de l'éducation",
            "position d'un établissement d'après son code (geozones geocode, import, new)",
            _without_password(geocoding.annuaire.url),
            "[geocode.annuaire] url",
            "annuaire" in geocoding.providers,
            "[geocode] providers",
        ),
        PublicService(
            "openrouteservice",
            "openrouteservice",
            "temps de trajet (geozones times)",
            _without_password(travel.ors_url or ORS_URL),
            "[travel.openrouteservice] url",
            "openrouteservice" in travel.engines,
            "[travel] engines",
        ),
    )


def fetch_lycee_list(asked: FetchRequest, clock: Clock | None = None) -> FetchedFile:
    """Write the list of the lycées of an area, public ones by default."""
    area, service = french_area(asked.area), read_geocode_settings().annuaire
    path = _target(asked, f"lycees-{slug(area.name)}.csv")
    _refuse_unallowed(asked, "l'annuaire de l'éducation", service.url)
    answer = fetch_lycees(area, service, private=asked.private, clock=clock)
    if not answer.lycees:
        raise InputError(
            f"L'annuaire ne donne aucun lycée public pour {area.name} ({_told(answer.left_out)})."
        )
    content = _lycee_rows(answer.lycees)
    unplaced = [each.name for each in answer.lycees if each.lat is None]
    remarks = (f"Sans position dans l'annuaire : {listing(unplaced)}.",) if unplaced else ()
    source = "Annuaire de l'éducation, ministère de l'Éducation nationale"
    note = _written(path, content, source, service.url)
    return FetchedFile(path, note, len(answer.lycees), answer.left_out, remarks)


def fetch_commune_file(
    asked: FetchRequest, progress: Progress = no_progress, clock: Clock | None = None
) -> FetchedFile:
    """Write the outlines of the communes of an area, as GeoJSON."""
    area, service = french_area(asked.area), read_fetch_settings().communes
    path = _target(asked, f"communes-{slug(area.name)}.geojson")
    _refuse_unallowed(asked, "l'API Découpage administratif", service.url)
    answer = fetch_communes(area, service, progress, clock)
    content = {"type": "FeatureCollection", "features": answer.features}
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    source = "Communes : IGN et INSEE, par l'API Découpage administratif"
    note = _written(path, written, source, service.url)
    left_out = {"sans contour": len(answer.without)} if answer.without else {}
    return FetchedFile(path, note, len(answer.features), left_out)


def fetch_extracts(
    asked: FetchRequest,
    confirm: Callable[[Mapping[Path, RemoteExtract]], None],
    progress: Progress = no_progress,
    clock: Clock | None = None,
) -> tuple[FetchedFile, ...]:
    """Download a road extract or those of an area, or what earlier runs did not receive of them.

    Of several extracts, those that are there already are left out, unless they are to be replaced.

    Parameters
    ----------
    confirm
        Called with the extract of each file once sizes are known; raises to give up.
    """
    service = read_fetch_settings().extracts
    urls = [extract_url(address, service) for address in _extract_addresses(asked.area)]
    wanted = _extract_targets(asked, urls)
    _refuse_unallowed(asked, "le service des extraits de routes", ", ".join(urls))
    download = ExtractDownload(service, clock)
    remotes = {path: download.look_up(url) for path, url in wanted.items()}
    confirm(remotes)
    return tuple(_downloaded(download, remote, path, progress) for path, remote in remotes.items())


def _extract_addresses(text: str) -> tuple[str, ...]:
    """Return the address that is given, else the paths of the extracts that cover an area."""
    if text.endswith(SUFFIX) or "/" in text:
        return (text,)
    if france_folder() is None:
        raise InputError(
            f"« {shortened(text)} » n'est pas l'adresse d'un extrait, qui finit par {SUFFIX} ; les "
            "extraits d'un territoire ne sont connus qu'avec les données de la France (make "
            "data-france)."
        )
    extracts = extracts_of(open_france().named(text))
    if not extracts:
        raise InputError(
            f"Aucun extrait connu ne couvre « {shortened(text)} » : donnez son adresse."
        )
    # paths rather than addresses, so that the configured service is asked: it may be a mirror
    return tuple(urlsplit(each.address).path for each in extracts)


def _extract_targets(asked: FetchRequest, urls: Sequence[str]) -> dict[Path, str]:
    """Return the address of each file to write; raise ``InputError`` if none may be written."""
    names = [urlsplit(url).path.rpartition("/")[2] for url in urls]
    if len(urls) == 1:
        return {_target(asked, names[0]): urls[0]}
    if asked.out is not None:
        raise InputError(
            f"Ce territoire a {len(urls)} extraits ({listing(names)}) : --out n'en nomme qu'un. "
            "Placez-vous dans le dossier où les écrire."
        )
    missing = [
        (name, url)
        for name, url in zip(names, urls, strict=True)
        if asked.replace or not Path(name).exists()
    ]
    # if all the files are there already, the first one is refused, as a single file would be
    return {_target(asked, name): url for name, url in missing or [(names[0], urls[0])]}


def _downloaded(
    download: ExtractDownload, remote: RemoteExtract, path: Path, progress: Progress
) -> FetchedFile:
    """Download an extract and write its note."""
    read: list[Extract] = []
    checked = download.download(
        remote, path, lambda partial: read.append(read_extract(partial)), progress
    )
    remarks = [] if checked else ["Le service ne donne pas d'empreinte : seule la forme est sûre."]
    if read[-1].date is not None:
        remarks.append(f"Données du {long_date(read[-1].date.isoformat())}.")
    note = SourceNote(
        source="© les contributeurs d'OpenStreetMap",
        licence="ODbL",
        day=today().isoformat(),
        address=_without_password(remote.url),
        sha256=read[-1].sha256,
    )
    write_note(path, note)
    return FetchedFile(path, note, remarks=tuple(remarks))


def _refuse_unallowed(asked: FetchRequest, service: str, url: str) -> None:
    """Raise ``InputError``, before any call, unless calls are allowed."""
    fetching = read_fetch_settings()
    if asked.allow or fetching.allowed:
        return
    raise InputError(
        f"Les appels aux services publics ne sont pas autorisés, et cette commande appellerait "
        f"{service} ({_without_password(url)}). Pour les autoriser, écrivez « fetch = true » sous "
        f"[services] dans {fetching.file}, ou ajoutez --allow pour cette fois."
    )


def _target(asked: FetchRequest, name: str) -> Path:
    """Return the file to write; raise ``InputError`` if it may not be written."""
    path = (asked.out or Path(name)).absolute()
    if not path.parent.is_dir():
        raise InputError(
            f"Le dossier {path.parent} n'existe pas : créez-le, ou donnez un autre --out."
        )
    if path.exists() and not (asked.replace and path.is_file()):
        raise InputError(
            f"{path} existe déjà : donnez un autre --out, ou --replace pour le remplacer."
        )
    return path


def _lycee_rows(lycees: tuple[DirectoryLycee, ...]) -> bytes:
    """Return the CSV of a list of lycées, as French spreadsheets open it."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(_TITLES)
    for each in lycees:
        cells = (
            each.uai, each.name, each.kind, each.address, each.postcode, each.commune, each.insee,
            each.departement,
        )  # fmt: skip
        figures = (each.lat, each.lon, each.pupils)
        writer.writerow([*map(safe_cell, cells), *map(_figure, figures)])
    return ("\ufeff" + text.getvalue()).encode()


def _figure(value: float | None) -> str:
    return "" if value is None else str(value).replace(".", ",")


def _written(path: Path, content: bytes, source: str, url: str) -> SourceNote:
    """Write a file and its note."""
    digest = hashlib.sha256(content).hexdigest()
    note = SourceNote(source, _LICENCE, today().isoformat(), _without_password(url), digest)
    write_atomically(path, content)
    write_note(path, note)
    return note


def _told(left_out: Mapping[str, int]) -> str:
    return ", ".join(f"{reason} ({number(count)})" for reason, count in left_out.items())


def _without_password(url: str) -> str:
    """Return an address without the name and the password that it may hold."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
