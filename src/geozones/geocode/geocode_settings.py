"""Settings of geocoding: providers, their order, and access to their services."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from geozones.common.errors import InputError
from geozones.common.files import home_folder
from geozones.common.settings_file import Section, host_of, read_settings

DEFAULT_PROVIDERS = ("local",)
GEOPLATEFORME_URL = "https://data.geopf.fr/geocodage"
ANNUAIRE_URL = "https://data.education.gouv.fr/api/explore/v2.1"


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Settings of a web service: address, quota and time limits.

    Parameters
    ----------
    url
        Its address, without a slash at its end.
    per_second
        Most calls in any second; 50 for the national geocoder.
    batch_rows
        Most places in one call.
    timeout_s, budget_s
        Longest wait for one answer, and for all of one work, in seconds.
    retries
        Times a failed call is sent again.

    Raises
    ------
    InputError
        If a value is invalid; the message names all invalid values.
    """

    url: str
    per_second: int = 50
    batch_rows: int = 1000
    timeout_s: float = 30
    budget_s: float = 300
    retries: int = 4

    def __post_init__(self) -> None:
        faults = [
            f"{name} doit être entre {least} et {most}"
            for name, least, most in (
                ("per_second", 1, 1000),
                ("batch_rows", 1, 10_000),
                ("retries", 0, 20),
                ("timeout_s", 0.01, 3600),
                ("budget_s", 0.01, 86_400),
            )
            if not least <= getattr(self, name) <= most
        ]
        if not self.host:
            faults.append("url doit être une adresse comme « https://serveur.fr/geocodage »")
        if faults:
            msg = f"Les réglages du géocodage sont à revoir : {' ; '.join(faults)}."
            raise InputError(msg)

    @property
    def host(self) -> str:
        """Host and port, safe to show; empty when the address cannot be read."""
        return host_of(self.url)


@dataclass(frozen=True, slots=True)
class GeocodeSettings:
    """Settings of geocoding.

    Parameters
    ----------
    home
        The user's own folder, which contains the cache of answers.
    providers
        Names, in the order to try them.
    cache_days, cache_entries
        Longest age and largest number of cached answers.
    min_score
        Least confidence of an answer by a geocoder of addresses, from 0 to 1.
    geoplateforme, annuaire
        The two services.
    """

    home: Path
    providers: tuple[str, ...] = DEFAULT_PROVIDERS
    cache_days: float = 180.0
    cache_entries: int = 20_000
    min_score: float = 0.5
    geoplateforme: WebSettings = field(default_factory=lambda: WebSettings(GEOPLATEFORME_URL))
    annuaire: WebSettings = field(default_factory=lambda: WebSettings(ANNUAIRE_URL))

    def __post_init__(self) -> None:
        if not (self.cache_days > 0 and self.cache_entries > 0 and 0 <= self.min_score <= 1):
            msg = (
                "Les réglages du géocodage sont à revoir : cache_days et cache_entries sont "
                "positifs, min_score est entre 0 et 1."
            )
            raise InputError(msg)

    @property
    def cache(self) -> Path:
        """Folder of cached answers."""
        return self.home / "geocode"


def read_geocode_settings(environment: Mapping[str, str] | None = None) -> GeocodeSettings:
    """Read the settings file, then the environment, which takes precedence.

    Raises
    ------
    InputError
        If the file cannot be read, or a value is invalid; the message names it.
    """
    env = os.environ if environment is None else environment
    section = read_settings(env).section("geocode")
    options = section.options(GeocodeSettings, "providers", "geoplateforme", "annuaire")
    providers = section.names(
        "providers",
        '["local", "geoplateforme"]',
        env.get("GEOZONES_GEOCODERS"),
        DEFAULT_PROVIDERS,
    )
    return GeocodeSettings(
        home=home_folder(env),
        providers=providers,
        geoplateforme=_web(section, "geoplateforme", env, GEOPLATEFORME_URL),
        annuaire=_web(section, "annuaire", env, ANNUAIRE_URL),
        **options,
    )


def _web(section: Section, name: str, env: Mapping[str, str], public: str) -> WebSettings:
    """Read the section of a service; ``public`` is its default address."""
    options = section.section(name).options(WebSettings)
    url = env.get(f"GEOZONES_{name.upper()}_URL") or options.get("url") or public
    return WebSettings(**{**options, "url": url.strip().rstrip("/")})
