"""Settings of openrouteservice: address, key, quota and time limits."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from geozones.common.errors import InputError
from geozones.common.settings_file import host_of

PUBLIC_URL = "https://api.openrouteservice.org"


@dataclass(frozen=True, slots=True)
class OrsSettings:
    """Settings of openrouteservice: address, key, quota and time limits.

    Parameters
    ----------
    base_url
        A private server, such as ``http://routes.region.fr:8082/ors``; ``None`` for the
        public API. Never shown whole: it may hold a password.
    key
        API key; the public API requires it.
    profile
        Its name for a means of travel.
    max_pairs
        Most pairs in one call: 3,500 on the public API, 2,500 on a server as installed.
    per_minute
        Most calls in any minute.
    timeout_s
        Longest wait for one whole answer, in seconds.
    budget_s
        Longest time for one matrix, route or set of isochrones, waits included, in seconds.
    retries
        Times a failed call is sent again.
    cache_dir
        Folder of received blocks; ``None`` to keep none.
    cache_days
        Age at which a stored block is requested again, in days.

    Raises
    ------
    InputError
        If a value is invalid; the message names all invalid values.
    """

    base_url: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)
    profile: str = "driving-car"
    max_pairs: int = 3500
    per_minute: int = 40
    timeout_s: float = 30
    budget_s: float = 600
    retries: int = 4
    cache_dir: Path | None = None
    cache_days: float = 30

    def __post_init__(self) -> None:
        faults = [
            f"{name} doit être au moins {least}"
            for name, least in (("max_pairs", 1), ("per_minute", 1), ("retries", 0))
            if getattr(self, name) < least
        ]
        faults += [
            f"{name} doit être positif et au plus un million"
            for name in ("timeout_s", "budget_s", "cache_days")
            if not 0 < getattr(self, name) <= 1e6
        ]
        if not all(part.isalnum() for part in self.profile.split("-")):
            faults.append("profile doit être un nom comme « driving-car »")
        if not self.host:
            faults.append("base_url doit être une adresse comme « https://serveur.fr/ors »")
        if faults:
            msg = f"Les réglages d'openrouteservice sont à revoir : {' ; '.join(faults)}."
            raise InputError(msg)

    @property
    def url(self) -> str:
        """Address in use, without a slash at its end; it may contain a password."""
        return (self.base_url or PUBLIC_URL).strip().rstrip("/")

    @property
    def host(self) -> str:
        """Host and port, safe to show; empty when the address cannot be read."""
        return host_of(self.url)

    @property
    def address(self) -> str:
        """Host, port and path: identity of the server, without a password."""
        return self.host + urlsplit(self.url).path
