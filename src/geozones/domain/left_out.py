"""Notice of a stored entry that cannot be read, restored or shown."""

from dataclasses import dataclass, replace

from geozones.common.errors import shortened


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Notice of an entry that is left out of a page, a backup or a restore.

    Parameters
    ----------
    kind
        Kind of the entry, in French and in lower case: « commentaire ».
    key, name
        Its key and name, as far as they can be read; empty if they cannot.
    reason
        Why it is left out, in French.
    """

    kind: str
    key: str
    name: str
    reason: str

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
