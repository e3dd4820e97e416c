"""Directory against which lists are matched: public lycées and communes of the territory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from geozones.common.folding import folded, lookalike
from geozones.domain import Lycee
from geozones.domain.uai import is_uai
from geozones.intake.json_files import altered, read_json_object
from geozones.intake.similarity import SAME_COMMUNE, Words, commune_similarity, name_words

#: Version of ``annuaire.json`` and ``noms_communes.json`` that this code reads.
VERSION = 1
_REPAIR = "reconstruisez-le (« make data », voir docs/data.md)"


@dataclass(frozen=True, slots=True)
class DirectoryCommune:
    """Commune: INSEE code, name, département, and the names of communes merged into it."""

    insee: str
    name: str
    departement: str
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class DirectoryEntry:
    """Lycée to serve, or public establishment that is not served.

    Parameters
    ----------
    id
        The lycée's id; the UAI of an establishment that is not to be served.
    codes
        Its UAI first (none if unpublished), then the UAIs of the establishments joined with it.
    name
        Its usual name.
    names
        Its published names: one tuple for each establishment of ``codes``.
    served
        Whether it is to be served.
    remark
        Why it is not served, in French; empty otherwise.
    """

    id: str
    codes: tuple[str, ...]
    name: str
    names: tuple[tuple[str, ...], ...]
    commune: DirectoryCommune
    served: bool = True
    remark: str = ""

    @cached_property
    def variants(self) -> tuple[Words, ...]:
        """The words of each of its names, without repetition (see `name_words`)."""
        every = (self.name, *(name for names in self.names for name in names))
        return tuple(dict.fromkeys(words for name in every if (words := name_words(name))))

    @cached_property
    def is_named_after_commune(self) -> bool:
        """Whether all its names only repeat its commune's name."""
        return all("".join(name) in "".join(self.commune_names) for name in self.variants)

    @cached_property
    def commune_names(self) -> tuple[str, ...]:
        """The names of its commune as lookalikes: the official one, then the former ones."""
        return tuple(lookalike(name) for name in (self.commune.name, *self.commune.former))


@dataclass(frozen=True, eq=False)
class Directory:
    """The establishments and the communes of a territory."""

    entries: tuple[DirectoryEntry, ...]
    communes: tuple[DirectoryCommune, ...]

    @cached_property
    def by_code(self) -> Mapping[str, DirectoryEntry]:
        """The entries by each of their codes."""
        return {code: entry for entry in self.entries for code in entry.codes}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every code."""
        return tuple(self.by_code)

    @cached_property
    def by_id(self) -> Mapping[str, DirectoryEntry]:
        """The entries by id."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def entries_in(self) -> Callable[[str], tuple[DirectoryEntry, ...]]:
        """Function from a commune's name, a lookalike, to the entries of communes like it.

        Its answers are cached: many rows of a list name the same commune.
        """

        def find(commune: str) -> tuple[DirectoryEntry, ...]:
            return tuple(
                entry
                for entry in self.entries
                if max(commune_similarity(commune, known) for known in entry.commune_names)
                >= SAME_COMMUNE
            )

        return lru_cache(maxsize=20_000)(find)

    @cached_property
    def departements(self) -> frozenset[str]:
        """The codes of the départements of the territory."""
        return frozenset(commune.departement for commune in self.communes)

    @cached_property
    def communes_by_name(self) -> Mapping[str, tuple[DirectoryCommune, ...]]:
        """The communes by each of their names, folded; those named so today come first."""
        by_name: dict[str, list[DirectoryCommune]] = {}
        for commune in self.communes:
            by_name.setdefault(folded(commune.name), []).append(commune)
        for commune in self.communes:
            for name in commune.former:
                by_name.setdefault(folded(name), []).append(commune)
        return {name: tuple(dict.fromkeys(communes)) for name, communes in by_name.items()}

    @cached_property
    def by_insee(self) -> Mapping[str, DirectoryCommune]:
        """The communes by INSEE code."""
        return {commune.insee: commune for commune in self.communes}

    def commune(self, name: str, departement: str = "") -> DirectoryCommune | None:
        """Return the only commune of this name; ``None`` if there is none, or several.

        A current name is preferred to a former name. An empty ``departement`` is any.
        """
        communes = [
            commune
            for commune in self.communes_by_name.get(folded(name), ())
            if departement in {"", commune.departement}
        ]
        official = [commune for commune in communes if folded(commune.name) == folded(name)]
        preferred = official or communes
        return preferred[0] if len(preferred) == 1 else None


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
    communes = _communes(read_json_object(folder / "noms_communes.json", VERSION, _REPAIR))
    by_insee = {commune.insee: commune for commune in communes}
    rows = read_json_object(folder / "annuaire.json", VERSION, _REPAIR)

    def build() -> Directory:
        published = {row["uai"]: row for row in rows["lycees"]}
        entries = [_served(lycee, published, by_insee) for lycee in lycees.values()]
        entries += [_unserved(row, by_insee) for row in rows["lycees"] if row["lycee"] is None]
        return Directory(tuple(entries), communes)

    return _checked("annuaire.json", build)


def _served(
    lycee: Lycee, published: Mapping[str, Any], communes: Mapping[str, DirectoryCommune]
) -> DirectoryEntry:
    codes = (lycee.id, *lycee.associated_uais)
    return DirectoryEntry(
        id=lycee.id,
        codes=tuple(code for code in codes if is_uai(code)),
        name=lycee.name,
        names=tuple(
            (published[code]["nom"], *published[code]["autres_noms"])
            for code in codes
            if code in published
        ),
        commune=communes[lycee.insee],
    )


def _unserved(row: dict[str, Any], communes: Mapping[str, DirectoryCommune]) -> DirectoryEntry:
    return DirectoryEntry(
        id=row["uai"],
        codes=(row["uai"],),
        name=row["nom"],
        names=((row["nom"], *row["autres_noms"]),),
        commune=communes[row["code_insee"]],
        served=False,
        remark=str(row["remarque"]),
    )


def _communes(content: dict[str, Any]) -> tuple[DirectoryCommune, ...]:
    return _checked(
        "noms_communes.json",
        lambda: tuple(
            DirectoryCommune(row["code"], row["nom"], row["departement"], tuple(row["anciens"]))
            for row in content["communes"]
        ),
    )


def _checked[T](name: str, build: Callable[[], T]) -> T:
    """Return the result of ``build`` on a data file; raise ``DataFileError`` for its faults."""
    try:
        return build()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise altered(name, error, _REPAIR) from error
