"""List of the features, which surround the core, and what each of them declares.

To take a feature away, delete its folder in `geozones.features` and its line here: what it stored
stays in the database and in backups.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import resolve_name
from typing import Any

#: Folders of the features, in the order of their commands and of their parts of pages.
FEATURES = (
    "imports",
    "new_territory",
    "publications",
    "comments",
    "webinar",
    "experiment",
)


@dataclass(frozen=True, slots=True)
class FeatureDeclaration:
    """Declaration of a feature, the value ``FEATURE`` of its folder.

    A path is ``module:name`` in the folder, empty for none. It is imported where it is used: no
    command waits for the libraries of pages, and the core imports no feature.
    """

    #: Commands below « scenarios »: name, path of the function or of the group, French help.
    commands: tuple[tuple[str, str, str], ...] = ()
    root_commands: tuple[tuple[str, str, str], ...] = ()  # The same, of « geozones » itself.
    #: Former commands, and the one to use instead.
    replaced: Mapping[str, str] = field(default_factory=dict)
    parts: str = ""  # Path of its parts of pages (`geozones.ui.feature_parts.FeatureParts`).
    #: Path of the readers of what people said
    #: (`geozones.workspace.sharing.exported_plan.FeedbackReaders`).
    feedback: str = ""
    #: Path of its file in the zip of all files (`geozones.workspace.sharing.bundle.AddedFile`).
    bundled: str = ""


@cache
def declared() -> Mapping[str, FeatureDeclaration]:
    """Return the declaration of each feature, by folder."""
    return {name: import_module(f"geozones.features.{name}").FEATURE for name in FEATURES}


@cache
def values(path: str) -> tuple[Any, ...]:
    """Import and return what the features declare at a path of `FeatureDeclaration`."""
    paths = ((name, getattr(feature, path)) for name, feature in declared().items())
    return tuple(
        resolve_name(f"geozones.features.{name}.{place}") for name, place in paths if place
    )
