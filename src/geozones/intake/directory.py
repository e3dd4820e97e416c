"""What a list is matched against: every public lycée of the territory, and its communes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from geozones.domain import DataFileError, Lycee
from geozones.domain.folding import folded, lookalike
from geozones.domain.uai import is_uai
from geozones.intake.json_files import read_json_object
from geozones.intake.names import SAME_TOWN, Words, same_town, words

VERSION = 1
_MEND = "reconstruisez-le (« make data », voir docs/data.md)"


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune: INSEE code, name, département, and the names of those merged into it."""

    insee: str
    name: str
    departement: str
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A lycée to serve, or an establishment that is not.

    Parameters
    ----------
    id
        The lycée's id; for one that is not to serve, its own UAI.
    codes
        Its UAI first (none where unpublished), then those of the establishments joined with it.
    name
        As people say it.
    names
        Every name it is known by, each in its own tuple for each establishment of ``codes``.
    served
        Whether it is a place to serve; if not, ``remark`` says why.
    """

    id: str
    codes: tuple[str, ...]
    name: str
    names: tuple[tuple[str, ...], ...]
    commune: Commune
    served: bool = True
    remark: str = ""

    @cached_property
    def variants(self) -> tuple[Words, ...]:
        """Its names, ready to compare."""
        every = (self.name, *(name for names in self.names for name in names))
        return tuple(dict.fromkeys(found for name in every if (found := words(name))))

    @cached_property
    def is_named_as_its_town(self) -> bool:
        """Whether its only name is its commune's."""
        return all("".join(name) in "".join(self.towns) for name in self.variants)

    @cached_property
    def towns(self) -> tuple[str, ...]:
        """The names of its commune, ready to compare; the official one first."""
        return tuple(lookalike(name) for name in (self.commune.name, *self.commune.former))


@dataclass(frozen=True, eq=False)
class Directory:
    """The establishments and the communes of a territory."""

    entries: tuple[Entry, ...]
    communes: tuple[Commune, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Entry]:
        """The entries by each of their codes."""
        return {code: entry for entry in self.entries for code in entry.codes}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every code."""
        return tuple(self.by_code)

    @cached_property
    def by_id(self) -> Mapping[str, Entry]:
        """The entries by id."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def at(self) -> Callable[[str], tuple[Entry, ...]]:
        """The entries of the commune that a name, as a lookalike, is read as; remembered."""

        def find(town: str) -> tuple[Entry, ...]:
            return tuple(
                entry
                for entry in self.entries
                if max(same_town(town, known) for known in entry.towns) >= SAME_TOWN
            )

        return lru_cache(maxsize=20_000)(find)

    @cached_property
    def departements(self) -> frozenset[str]:
        """The codes of the départements of the territory."""
        return frozenset(commune.departement for commune in self.communes)

    @cached_property
    def communes_by_name(self) -> Mapping[str, tuple[Commune, ...]]:
        """The communes by each of their names, folded; former names after official ones."""
        found: dict[str, list[Commune]] = {}
        for commune in self.communes:
            found.setdefault(folded(commune.name), []).append(commune)
        for commune in self.communes:
            for name in commune.former:
                found.setdefault(folded(name), []).append(commune)
        return {name: tuple(dict.fromkeys(communes)) for name, communes in found.items()}

    @cached_property
    def by_insee(self) -> Mapping[str, Commune]:
        """The communes by INSEE code."""
        return {commune.insee: commune for commune in self.communes}

    def commune(self, name: str, departement: str = "") -> Commune | None:
        """Return the only commune of that name (in a département, where given)."""
        found = [
            commune
            for commune in self.communes_by_name.get(folded(name), ())
            if departement in {"", commune.departement}
        ]
        official = [commune for commune in found if folded(commune.name) == folded(name)]
        chosen = official or found
        return chosen[0] if len(chosen) == 1 else None


def read_directory(folder: Path, lycees: Mapping[str, Lycee]) -> Directory:
    """Read ``annuaire.json`` and ``noms_communes.json`` of a data folder.

    Parameters
    ----------
    folder
        The data folder.
    lycees
        Its lycées to serve, by id.

    Raises
    ------
    DataFileError
        If a file is missing, altered, or does not fit the lycées.
    """
    communes = _communes(_content(folder / "noms_communes.json"))
    by_insee = {commune.insee: commune for commune in communes}
    rows = _content(folder / "annuaire.json")

    def build() -> Directory:
        published = {row["uai"]: row for row in rows["lycees"]}
        entries = [_served(lycee, published, by_insee) for lycee in lycees.values()]
        entries += [_unserved(row, by_insee) for row in rows["lycees"] if row["lycee"] is None]
        return Directory(tuple(entries), communes)

    return _checked("annuaire.json", build)


def _served(lycee: Lycee, published: dict[str, Any], communes: dict[str, Commune]) -> Entry:
    codes = (lycee.id, *lycee.associated_uais)
    named = tuple(
        (published[code]["nom"], *published[code]["autres_noms"])
        for code in codes
        if code in published
    )
    own = tuple(code for code in codes if is_uai(code))
    return Entry(lycee.id, own, lycee.name, named, communes[lycee.insee])


def _unserved(row: dict[str, Any], communes: dict[str, Commune]) -> Entry:
    commune = communes[row["code_insee"]]
    names = ((row["nom"], *row["autres_noms"]),)
    remark = str(row["remarque"])
    return Entry(row["uai"], (row["uai"],), row["nom"], names, commune, served=False, remark=remark)


def _communes(content: dict[str, Any]) -> tuple[Commune, ...]:
    return _checked(
        "noms_communes.json",
        lambda: tuple(
            Commune(row["code"], row["nom"], row["departement"], tuple(row["anciens"]))
            for row in content["communes"]
        ),
    )


def _content(path: Path) -> dict[str, Any]:
    content = read_json_object(path, _MEND)
    if content.get("version") != VERSION:
        msg = f"Le fichier de données {path.name} est d'une autre version que {VERSION} : {_MEND}."
        raise DataFileError(msg)
    return content


def _checked[T](name: str, build: Callable[[], T]) -> T:
    try:
        return build()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"Le fichier de données {name} est altéré ({error}) : {_MEND}."
        raise DataFileError(msg) from error
