"""Opening, closing and splitting of lycées: validation, and the data of the events.

Each function returns the data of one event (`domain.events.lycee_events`), or raises with a French
message.
"""

import re
from dataclasses import dataclass

import shapely

from geozones.common.errors import InputError
from geozones.common.french import folded, number, of, plural
from geozones.domain import Lycee
from geozones.domain.events.lycee_events import CloseLycee, OpenLycee, SplitLycee, closing_refusal
from geozones.domain.identifiers import Scheme, id_form, is_code, scheme
from geozones.domain.places import PlaceQuery, Precision, Spot, read_coordinates
from geozones.domain.teams import Basis, checked_size
from geozones.domain.terms import terms, worded
from geozones.intake.site_fields import provisional_key
from geozones.territory.commune_file import km_outside
from geozones.territory.territory_files import Commune
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.places import find_places
from geozones.workspace.reachability.accessibility import find_place, known_site

#: Farthest from the land of a territory without communes that a site may be opened, in km.
_FAR_KM = 30.0
_MAX_NAME = 120
_PLACES = "une adresse, une commune, ou une position en degrés"
_POSTCODE = re.compile(r"\b\d{5}\b")
_PUPILS_BY = "donné à l'ouverture, dans le scénario"
#: A lycée nearer than this to another is refused as a slip: each has land of its own.
_NEAREST_DEGREES = 1e-4


@dataclass(frozen=True, slots=True)
class Site:
    """Site of a future lycée: position and its source, commune, address if known."""

    spot: Spot
    commune: Commune
    precision: Precision
    provider: str
    address: str = ""

    @property
    def description(self) -> str:
        """Describe the position, in French."""
        at = f"{number(self.spot.lat, 4)} ; {number(self.spot.lon, 4)}"
        by_hand = self.precision is Precision.MANUAL
        how = "position donnée à la main" if by_hand else f"position {self.precision.about}"
        return f"{self.commune.name} ({self.commune.departement}), {at}, {how}"


@dataclass(frozen=True, slots=True)
class AskedLycee:
    """Typed fields of a lycée to open; ``code`` may be empty, ``pupils`` unknown."""

    name: str
    kind: str
    site: Site
    code: str = ""
    pupils: int | None = None


def site_at(study: Study, spot: Spot) -> Site:
    """Return the site at a position."""
    limits, communes = study.atlas.limits, study.atlas.communes
    if not communes:
        # a commune without a name, for a territory whose communes are unknown. None far from its
        # land
        land = shapely.union_all(list(study.territory.cells.values()))
        if km_outside(land, spot.lat, spot.lon) > _FAR_KM:
            commune = None
        else:
            commune = Commune("", "", "", 0, spot.lat, spot.lon, land)
    else:
        near = {code: km_outside(shape, spot.lat, spot.lon) for code, shape in limits.items()}
        inside = {code for code, km in near.items() if km == 0}
        commune = next((entry for entry in communes if entry.code in inside), None)
    if commune is None:
        raise InputError(
            "Ce point n'est dans aucune commune du territoire : il est en mer, ou hors "
            f"{terms().territory.of_the}. Placez {terms().site.the} à l'intérieur."
        )
    return Site(spot, commune, Precision.MANUAL, "manuel")


def site_of(study: Study, text: str) -> Site:
    """Return the site that a text means: an address, a commune, or a position in degrees.

    The geocoders of the settings look up an address; if none knows its street, the site is at the
    centre of its commune, as its precision tells.
    """
    if not text.strip():
        raise InputError(f"Indiquez où est {terms().site.the} : {_PLACES}.")
    if known_site(study.territory, text) is not None:
        raise InputError(worded("{A_site} y est déjà : donnez ") + f"{_PLACES}.")
    if _is_position(text):
        return site_at(study, read_coordinates(text))
    return _addressed(study, text)


def spot_of(study: Study, text: str) -> Spot:
    """Return the position that a text means, to correct a lycée's: an address, a commune, degrees.

    Degrees may be out of the territory, which `ScenarioEditor.place` tells.
    """
    if not text.strip() or _is_position(text):
        return read_coordinates(text)
    return _addressed(study, text).spot


def _is_position(text: str) -> bool:
    return not re.search(r"[^\W\d_]{2}", text)


def _addressed(study: Study, text: str) -> Site:
    """Return the site at an address, as `site_of`."""
    found = find_place(study.territory, text).place
    commune = next(entry for entry in study.atlas.communes if entry.place == found)
    address = "" if folded(text) == folded(commune.name) else " ".join(text.split())[:200]
    spot, precision, provider = Spot(commune.lat, commune.lon), Precision.COMMUNE, "local"
    if address:
        postcode = _POSTCODE.search(address)
        query = PlaceQuery(
            address=address,
            postcode=postcode[0] if postcode else "",
            commune=commune.name,
            insee=commune.code,
        )
        for place in find_places(study.territory, [query]).located:
            spot, precision, provider = Spot(place.lat, place.lon), place.precision, place.provider
    return Site(spot, commune, precision, provider, address)


def zone_around(study: Study, site: Site) -> str:
    """Return the zone (id) of the lycée whose land has the site, else of the nearest lycée."""
    spot = site.spot
    try:
        return study.territory.zone_at(study.plan, spot.lat, spot.lon)
    except InputError:
        nearest = min(study.plan.lycees, key=lambda key: _degrees_apart(study, key, spot))
        return study.plan.zone_of(nearest).id


def opening(study: Study, asked: AskedLycee, zone_id: str) -> dict[str, object]:
    """Return the data of the event (``open_lycee``) that opens a lycée in a zone (id)."""
    study.plan.zone(zone_id)
    return OpenLycee.data_of(zone_id, _opened(study, asked))


def splitting(study: Study, lycee_id: str, asked: AskedLycee) -> dict[str, object]:
    """Return the data of the event (``split_lycee``) that makes a lycée of a site of another (id).

    The pupils of the site are subtracted from the other lycée's, if both are known.
    """
    opened = _opened(study, asked, lycee_id)
    pupils, _ = study.teams.pupils(study.territory.lycees[lycee_id])
    left = None if pupils is None or opened.pupils is None else pupils - opened.pupils
    if left is not None and left < 1:
        site = terms().site
        raise InputError(
            f"{study.name(lycee_id)} a {terms().size.counted(pupils or 0)} : indiquez un nombre "
            f"plus petit pour le nouveau {site}.",
            field="pupils",
        )
    return SplitLycee.data_of(lycee_id, opened, left)


def why_not_closed(study: Study, lycee_id: str) -> str:
    """Explain why a lycée (id) may not close, in French, with names; empty if it may."""
    return closing_refusal(study.state, lycee_id, study.name) or ""


def closing(lycee_id: str) -> dict[str, object]:
    """Return the data of the event (``close_lycee``) that closes a lycée (id)."""
    return {"lycee": CloseLycee(lycee_id).lycee}


def closing_losses(study: Study, lycee_id: str) -> str:
    """Describe what else closing a lycée (id) removes, in French: pupils, half-days of posts."""
    place, teams = study.territory.lycees[lycee_id], study.teams
    need = teams.need(place).half_days
    losses = [f"{plural(need, 'demi-journée')} de besoin"]
    pupils, _ = teams.pupils(place)
    if pupils is not None:
        losses.insert(0, terms().size.counted(pupils))
    text = f"Le plan perd {' et '.join(losses)}."
    posts = [post for post in teams.posts if lycee_id in post.lycees]
    if posts:
        count = sum(post.cells.count(lycee_id) for post in posts)
        text += (
            f" {plural(count, 'demi-journée')} de {plural(len(posts), 'poste')} y "
            f"{'est prévue' if count == 1 else 'sont prévues'} : "
            f"{'elle sera libre' if count == 1 else 'elles seront libres'}."
        )
    return text


def _opened(study: Study, asked: AskedLycee, parent: str | None = None) -> Lycee:
    """Return the lycée to open; ``parent`` (id) is the lycée that it was a site of."""
    name, site = " ".join(asked.name.split()), asked.site
    if not name or len(name) > _MAX_NAME:
        message = f"Le nom {terms().site.of_a} doit avoir de 1 à {_MAX_NAME} caractères."
        raise InputError(message, field="name")
    commune, pupils = site.commune, asked.pupils
    code = _free_code(study, asked.code, parent) or provisional_key(
        commune.departement, name, commune.name
    )
    if pupils is not None:
        pupils = checked_size(pupils, Basis.PUPILS, f"{terms().site.of_the} {name[:40]}")
    postcode = _POSTCODE.search(site.address)
    opened = Lycee(
        id=code,
        name=name,
        published_name="",
        kind=asked.kind,
        address=site.address,
        postcode=postcode[0] if postcode else "",
        commune=commune.name,
        insee=commune.code,
        departement=commune.departement,
        lat=site.spot.lat,
        lon=site.spot.lon,
        precision=site.precision.value,
        source=f"Ouvert dans le scénario ; position : {site.provider}",
        pupils=pupils,
        pupils_source="" if pupils is None else _PUPILS_BY,
    )
    _refuse_twin(study, opened)
    return opened


def _free_code(study: Study, typed: str, parent: str | None) -> str:
    """Return a validated code in its usual form; empty for none."""
    uai = scheme() is Scheme.UAI
    code = re.sub(r"[\s.\-_]", "", typed).upper() if uai else typed.strip()
    if not code:
        return ""
    if not is_code(code):
        form = "sept chiffres et la lettre qu'ils demandent" if uai else id_form()
        raise InputError(
            f"« {typed.strip()[:20]} » n'est pas {terms().code.a} : {form}. "
            "Laissez vide s'il n'est pas connu.",
            field="code",
        )
    for key, lycee in study.territory.lycees.items():
        if code == key or (code in lycee.associated_uais and key != parent):
            raise InputError(f"Le code {code} est déjà celui {of(study.name(key))}.", field="code")
    return code


def _refuse_twin(study: Study, opened: Lycee) -> None:
    """Raise ``InputError`` if a lycée of the territory has the same name or position."""
    called = folded(opened.label)
    for key, lycee in study.territory.lycees.items():
        if folded(lycee.label) == called or key == opened.id:
            raise InputError(
                worded("{A_site} s'appelle déjà ")
                + f"{lycee.label} : donnez un autre nom à celui-ci.",
                field="name",
            )
        if _degrees_apart(study, key, Spot(opened.lat, opened.lon)) < _NEAREST_DEGREES:
            raise InputError(
                f"{lycee.label} est déjà à cette position : placez {terms().site.the} à une "
                "dizaine de mètres au moins.",
                field="where",
            )


def _degrees_apart(study: Study, lycee_id: str, spot: Spot) -> float:
    lycee = study.territory.lycees[lycee_id]
    return max(abs(lycee.lat - spot.lat), abs(lycee.lon - spot.lon))
