"""Errors of plans, scenarios, engines and files, and the notice of an entry that is left out."""

from dataclasses import dataclass, replace

from geozones.common.errors import GeozonesError, InputError, shortened
from geozones.domain.identifiers import id_form
from geozones.domain.terms import terms, worded


class UnknownLyceeError(InputError):
    """No lycée has this id."""

    def __init__(self, lycee_id: str) -> None:
        super().__init__(
            f"{worded('{No_site}')} n'a le code « {shortened(lycee_id)} » : vérifiez "
            f"{terms().code.the} ({id_form()})."
        )


class UnknownZoneError(InputError):
    """No zone of the plan has this id."""

    listed_by = "plan"

    def __init__(self, zone_id: str) -> None:
        super().__init__(f"Aucune zone du plan n'a le code « {shortened(zone_id)} ».")


class UnknownSectorError(InputError):
    """No sector of the plan has this id."""

    listed_by = "plan"

    def __init__(self, sector_id: str) -> None:
        super().__init__(f"Aucun secteur du plan n'a le code « {shortened(sector_id)} ».")


class UnknownPlaceError(InputError):
    """A place is neither a lycée, a commune nor a readable ``lat,lon``."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"« {shortened(place)} » n'est ni {terms().site.a}, ni une commune, ni un point "
            "« latitude,longitude »."
        )


class PlanFileError(InputError):
    """A plan file is invalid: the message lists its faults."""


class StoreError(GeozonesError):
    """The store of scenarios cannot be read or written; nothing half-written is kept."""


class ExportError(GeozonesError):
    """A file to share cannot be created; no part of it is kept."""


class UnknownScenarioError(InputError):
    """No scenario has this id, or this link leads nowhere."""

    listed_by = "scenarios list"

    def __init__(self, scenario: str) -> None:
        super().__init__(
            f"Aucun scénario n'a le code « {shortened(scenario)} » : vérifiez le lien."
        )


class DamagedScenarioError(StoreError):
    """A stored scenario or frozen copy cannot be read; the others can.

    ``scenario`` is its id, ``name`` its name as far as it can be read ("" for none), ``fault`` says
    in French what is wrong.
    """

    def __init__(self, scenario: str, name: str, fault: str) -> None:
        called = f"« {shortened(name)} » ({shortened(scenario)})" if name else shortened(scenario)
        super().__init__(
            f"Le scénario {called} est abîmé dans la base et ne peut pas être lu : {fault}. Les "
            "autres ne sont pas touchés ; retrouvez-le dans une sauvegarde (geozones admin "
            "restore)."
        )
        self.scenario, self.name, self.fault = scenario, name, fault


class ConflictError(GeozonesError):
    """Someone else wrote the scenario after it was read; nothing was written.

    ``version`` is the version that the store holds.
    """

    sentence = (
        "Quelqu'un a modifié ce scénario entre-temps : relisez-le, puis refaites votre "
        "changement ou gardez-le dans une copie."
    )

    def __init__(self, version: int) -> None:
        super().__init__(self.sentence)
        self.version = version


class PublicationConflictError(ConflictError):
    """Someone else published or withdrew a plan meanwhile; nothing was written.

    ``version`` is the position of the last publication.
    """

    sentence = (
        "Quelqu'un d'autre a publié ou retiré un plan entre-temps : rien n'a été publié. Relisez "
        "la liste des publications, puis recommencez si votre décision tient toujours."
    )


class UnknownPublicationError(InputError):
    """No publication has this id."""

    listed_by = "scenarios publications"

    def __init__(self, publication: str) -> None:
        super().__init__(
            f"Aucune publication n'a le code « {shortened(publication)} » : voyez leur liste."
        )


class SearchCancelledError(GeozonesError):
    """The user stopped a search; the best found is kept."""

    def __init__(self) -> None:
        super().__init__("La recherche a été arrêtée.")


class ExecutorError(GeozonesError):
    """The executor cannot run or finish a search; nothing was changed."""


class EngineError(GeozonesError):
    """A travel-time engine gives no answer; the next one configured is tried."""


class EngineUnavailableError(EngineError):
    """The engine cannot be reached, is too slow, or is not installed or set up."""


#: How to install what reads OpenStreetMap extracts; the command of make takes the tested versions.
INSTALL_ROADS = "« make roads » dans le dossier de geozones, ou « pip install pyvalhalla osmium »"


class EngineMissingError(EngineUnavailableError, InputError):
    """The requested engine is not installed or not set up: the user who asked can mend it."""


class EngineKeyError(EngineError):
    """The engine refuses the key (which is never quoted)."""


class EngineQuotaError(EngineError):
    """The quota of the engine is spent, and waiting would exceed the time budget."""


class EngineAnswerError(EngineError):
    """The engine's answer is truncated, of another shape, or contradicts its documentation."""


class EngineCancelledError(EngineError):
    """The user stopped the work; answers received so far are kept."""


class GeocoderError(GeozonesError):
    """A geocoding provider gives no answer; the next one configured is tried."""


class GeocoderUnavailableError(GeocoderError):
    """The provider cannot be reached, is too slow, or is not set up."""


class GeocoderQuotaError(GeocoderError):
    """The quota of the provider is spent, and waiting would exceed the time budget."""


class GeocoderAnswerError(GeocoderError):
    """The provider's answer is truncated, of another shape, or contradicts its documentation."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Notice of an entry that is left out of a page, a backup or a restore."""

    kind: str  # Kind of the entry, in French and in lower case: « commentaire ».
    key: str  # Its key and name, as far as they can be read; empty if they cannot.
    name: str
    reason: str  # Why it is left out, in French.

    @property
    def what(self) -> str:
        """Description of the entry, in French."""
        named = f"« {shortened(self.name)} »" if self.name else ""
        key = shortened(self.key)
        if named and key:
            return f"{self.kind} {named} ({key})"
        return f"{self.kind} {named or key}".strip()

    def at_rank(self, rank: int) -> "LeftOut":
        """Return the notice of an entry without key or name, identified by its rank in its list."""
        return replace(self, key=f"n° {rank}")

    def __str__(self) -> str:
        return f"{self.what} : {self.reason}"
