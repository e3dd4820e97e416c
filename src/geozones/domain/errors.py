"""What can go wrong, as the user reads it: every message is one French sentence saying what to do.

``InputError`` and its children are the user's to mend (exit status 2 on the command line).
"""


class GeozonesError(Exception):
    """Base of every error this package raises on purpose; ``str(error)`` may be shown as is."""

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle as written: a search in another process may raise any of them."""
        return _as_written, (type(self), self.args, self.__dict__)


class InputError(GeozonesError):
    """Something given to the tool is wrong: the message names it and says what would be right."""


class UnknownLyceeError(InputError):
    """No lycée has this id."""

    def __init__(self, lycee: str) -> None:
        super().__init__(
            f"Aucun lycée n'a le code « {_short(lycee)} » : vérifiez le code UAI "
            "(7 chiffres et une lettre)."
        )


class UnknownZoneError(InputError):
    """No zone of the plan has this id."""

    def __init__(self, zone: str) -> None:
        super().__init__(f"Aucune zone du plan n'a le code « {_short(zone)} ».")


class UnknownSectorError(InputError):
    """No sector of the plan has this id."""

    def __init__(self, sector: str) -> None:
        super().__init__(f"Aucun secteur du plan n'a le code « {_short(sector)} ».")


class UnknownPlaceError(InputError):
    """A place is neither a lycée, a commune nor a readable ``lat,lon``."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"« {_short(place)} » n'est ni le code d'un lycée ni un point « latitude,longitude »."
        )


class PlanFileError(InputError):
    """A plan file cannot be taken: the message lists its faults."""


class DataFileError(InputError):
    """A file of the data folder is missing, altered, or no longer fits the others."""


class StoreError(GeozonesError):
    """The store of scenarios cannot be read or written; nothing half-written is kept."""


class ExportError(GeozonesError):
    """A file to share cannot be made; nothing half-made is kept."""


class UnknownScenarioError(InputError):
    """No scenario has this id, or this link leads nowhere."""

    def __init__(self, scenario: str) -> None:
        super().__init__(f"Aucun scénario n'a le code « {_short(scenario)} » : vérifiez le lien.")


class ConflictError(GeozonesError):
    """Someone else wrote the scenario since it was read; nothing was written.

    ``version`` is the version that the store holds.
    """

    def __init__(self, version: int) -> None:
        super().__init__(
            "Quelqu'un a modifié ce scénario entre-temps : relisez-le, puis refaites votre "
            "changement ou gardez-le dans une copie."
        )
        self.version = version


class SearchCancelledError(GeozonesError):
    """The user stopped a search; the best found is kept."""

    def __init__(self) -> None:
        super().__init__("La recherche a été arrêtée.")


class ExecutorError(GeozonesError):
    """Where a search was to run cannot run it, or not to its end; nothing was changed."""


class EngineError(GeozonesError):
    """A travel-time engine gives no answer; the next one configured is tried."""


class EngineUnavailableError(EngineError):
    """The engine cannot be reached, is too slow, or is not installed or set up."""


class EngineKeyError(EngineError):
    """The engine refuses the key (which is never quoted)."""


class EngineQuotaError(EngineError):
    """The engine's quota is spent, and waiting for more would pass the time budget."""


class EngineAnswerError(EngineError):
    """The engine's answer is cut, of another shape, or not what its documentation says."""


class EngineCancelledError(EngineError):
    """The user stopped the work; what was received is kept."""


class NoRouteError(EngineError):
    """No drive leads from one point to the other."""


class GeocoderError(GeozonesError):
    """A geocoding provider gives no answer; the next one configured is tried."""


class GeocoderUnavailableError(GeocoderError):
    """The provider cannot be reached, is too slow, or is not set up."""


class GeocoderQuotaError(GeocoderError):
    """The provider's quota is spent, and waiting for more would pass the time budget."""


class GeocoderAnswerError(GeocoderError):
    """The provider's answer is cut, of another shape, or not what its documentation says."""


def _as_written(
    kind: type[GeozonesError], args: tuple[object, ...], state: dict[str, object]
) -> GeozonesError:
    """Return an error as it was, without writing its message again."""
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


def _short(text: str, limit: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
