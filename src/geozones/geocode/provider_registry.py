"""Registry of providers by name; a new one is a module, a line here and in docs/reference.md."""

from collections.abc import Callable
from dataclasses import dataclass

from geozones.common.errors import InputError
from geozones.domain.terms import Worded
from geozones.geocode.cache import AnswerCache
from geozones.geocode.gazetteer import Gazetteer
from geozones.geocode.geocode_settings import GeocodeSettings
from geozones.geocode.local import Local
from geozones.geocode.provider import Provider


@dataclass(frozen=True)
class ProviderKind:
    """Kind of provider that can be configured: its name, its factory, its French description."""

    name: str
    make: Callable[[GeocodeSettings, Gazetteer, AnswerCache], Provider]
    about: Worded = Worded()
    #: whether it sends requests to a service on the network
    web: bool = False


def _local(_: GeocodeSettings, gazetteer: Gazetteer, __: AnswerCache) -> Provider:
    return Local(gazetteer)


def _annuaire(settings: GeocodeSettings, _: Gazetteer, cache: AnswerCache) -> Provider:
    from geozones.geocode.annuaire import Annuaire  # noqa: PLC0415 - a web client, if asked

    return Annuaire(settings.annuaire, cache)


def _geoplateforme(settings: GeocodeSettings, _: Gazetteer, cache: AnswerCache) -> Provider:
    from geozones.geocode.geoplateforme import Geoplateforme  # noqa: PLC0415 - as above

    return Geoplateforme(settings.geoplateforme, cache, settings.min_score)


REGISTRY = (
    ProviderKind("local", _local, "{sites} et communes livrés, sans réseau"),
    ProviderKind("annuaire", _annuaire, "annuaire de l'éducation, par {code}", web=True),
    ProviderKind(
        "geoplateforme",
        _geoplateforme,
        "géocodeur national de la Géoplateforme, par adresse",
        web=True,
    ),
)
NAMES = tuple(kind.name for kind in REGISTRY)


def provider_kind(name: str) -> ProviderKind:
    """Return a provider's kind; raise ``InputError`` for an unknown name."""
    for kind in REGISTRY:
        if kind.name == name:
            return kind
    msg = (
        f"Aucun service de géocodage ne s'appelle « {name[:40]} » : choisissez parmi "
        f"{', '.join(NAMES)}."
    )
    raise InputError(msg)
