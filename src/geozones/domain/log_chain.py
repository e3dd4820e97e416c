"""Verification of the log: each entry against its seal, the log against a noted anchor."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from hmac import compare_digest

from geozones.common.french import listing, long_date, plural
from geozones.domain.actions import Action

#: Keys by their id (`geozones.domain.actions.key_id`).
type Keys = Mapping[str, bytes]


class _Seal(Enum):
    HOLDS = auto()
    WITHOUT_KEY = auto()
    FOREIGN = auto()
    BROKEN = auto()


@dataclass(frozen=True, slots=True)
class Anchor:
    """Log entry noted outside the database; ``at`` is when (ISO 8601, UTC)."""

    position: int
    seal: str
    at: str = ""

    @property
    def key(self) -> str:
        """Id of the key that sealed the entry; empty without a key."""
        return key_of(self.seal)


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """Result of verifying a whole log.

    Parameters
    ----------
    entries
        How many it has.
    unkeyed
        How many of them, the first entries, were sealed before keys existed.
    foreign
        How many were sealed by unknown keys, by the id of the key: their links were
        checked, but not their authenticity.
    broken
        The first entry that does not follow from the previous entry; later entries are unchecked.
    """

    entries: int
    unkeyed: int = 0
    foreign: Mapping[str, int] = field(default_factory=dict)
    broken: int | None = None

    @property
    def text(self) -> str:
        """Return the result in French sentences."""
        if self.broken is not None:
            return (
                f"Le journal a été altéré : sa ligne {self.broken} ne suit pas la précédente. "
                "Comparez-le à celui d'une sauvegarde."
            )
        if not self.entries:
            return "Aucune action n'a encore été faite."
        state = "chaque ligne suit la précédente" if self.foreign else "le journal est intact"
        sentences = [
            f"{plural(self.entries, 'action')}, chacune scellée avec la précédente : {state}."
        ]
        if self.unkeyed:
            before = plural(self.unkeyed, "action est scellée", "actions sont scellées")
            sentences.append(f"{before} sans clé, par une version antérieure de geozones.")
        if self.foreign:
            others = plural(
                sum(self.foreign.values()),
                "action non vérifiable ici, scellée",
                "actions non vérifiables ici, scellées",
            )
            sentences.append(
                f"{others} par une clé absente de cette machine ({listing(list(self.foreign))}) : "
                "vérifiez-les là où est cette clé."
            )
        return " ".join(sentences)


def check_chain(actions: Iterable[Action], keys: Keys) -> ChainCheck:
    """Verify a whole log, oldest first, with the known keys."""
    before, rank, unkeyed, keyed = "", 0, 0, False
    foreign: dict[str, int] = {}
    for rank, action in enumerate(actions, 1):
        found = _check(action, rank, before, keys)
        if found is _Seal.BROKEN or (found is _Seal.WITHOUT_KEY and keyed):
            return ChainCheck(rank, unkeyed, foreign, broken=rank)
        if found is _Seal.WITHOUT_KEY:
            unkeyed += 1
        else:
            keyed = True
        if found is _Seal.FOREIGN:
            key = key_of(action.seal)
            foreign[key] = foreign.get(key, 0) + 1
        before = action.seal
    return ChainCheck(rank, unkeyed, foreign)


def chain_faults(
    actions: Sequence[Action], keys: Keys, anchor: Anchor | None = None
) -> tuple[str, ...]:
    """Return the faults of a whole log, in French sentences; nothing if it is intact."""
    checked = check_chain(actions, keys)
    faults = [checked.text] if checked.broken is not None else []
    if anchor is not None and (missed := anchor_fault(actions, anchor)):
        faults.append(missed)
    return tuple(faults)


def anchor_fault(actions: Sequence[Action], anchor: Anchor) -> str:
    """Return how a log contradicts an anchor; empty if it does not.

    Only the anchored entry and the last entry of the log, oldest first, are needed.
    """
    noted = f" noté le {long_date(anchor.at)}" if anchor.at else " noté ailleurs"
    held = [action for action in actions if action.position == anchor.position]
    if not held:
        there = f"il s'arrête à la ligne {actions[-1].position}" if actions else "il est vide"
        return (
            f"Le journal a perdu des lignes : {there}, alors que le sceau{noted} est celui de la "
            f"ligne {anchor.position}. Comparez-le à celui d'une sauvegarde."
        )
    if held[0].seal != anchor.seal:
        return (
            f"Le journal a été réécrit : sa ligne {anchor.position} n'a plus le sceau{noted}. "
            "Comparez-le à celui d'une sauvegarde."
        )
    return ""


def anchor_of(actions: Sequence[Action]) -> Anchor | None:
    """Return the anchor of the last entry; ``None`` for an empty log."""
    return Anchor(actions[-1].position, str(actions[-1].seal)) if actions else None


def key_of(seal: str) -> str:
    """Return the id of the key in a seal; empty without a key."""
    return seal.partition(".")[0] if "." in seal else ""


def _check(action: Action, rank: int, before: str, keys: Keys) -> _Seal:
    seal = action.seal
    if action.position != rank or not isinstance(seal, str) or not seal.isascii():
        return _Seal.BROKEN
    name = key_of(seal)
    if not name:
        return _held(action.sealed_without_key(before), seal, _Seal.WITHOUT_KEY)
    if name in keys:
        return _held(action.sealed(before, keys[name]), seal, _Seal.HOLDS)
    return _held(action.digest(before), seal.split(".")[1], _Seal.FOREIGN)


def _held(wanted: str, found: str, where_equal: _Seal) -> _Seal:
    return where_equal if compare_digest(wanted, found) else _Seal.BROKEN
