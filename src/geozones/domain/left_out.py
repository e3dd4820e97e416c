"""Notice of a kept entry that cannot be read, restored or shown."""

from dataclasses import dataclass, replace

from geozones.common.errors import shortened


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry that is left out of a page, a backup or a restore.

    Parameters
    ----------
    kind
        What it is, in French and in lower case: « commentaire ».
    key, name
        What names it, as far as that can be read; empty where it cannot.
    reason
        Why it is left out, in French.
    """

    kind: str
    key: str
    name: str
    reason: str

    @property
    def what(self) -> str:
        """Which entry it is, in French."""
        named = f"« {shortened(self.name)} »" if self.name else ""
        key = shortened(self.key)
        if named and key:
            return f"{self.kind} {named} ({key})"
        return f"{self.kind} {named or key}".strip()

    def at_rank(self, rank: int) -> "LeftOut":
        """Return the notice of an entry that nothing names: its rank in its list does."""
        return replace(self, key=f"n° {rank}")

    def __str__(self) -> str:
        return f"{self.what} : {self.reason}"
