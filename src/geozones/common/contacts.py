"""Whom to write to: section ``[service]`` of the settings file, shown in the legal notices."""

from collections.abc import Mapping
from dataclasses import dataclass

from geozones.common.errors import InputError
from geozones.common.settings_file import read_settings

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Contacts:
    """Who runs the installation, and the addresses (e-mail or web) to write to; "" if not said."""

    organisation: str = ""
    accessibility: str = ""
    personal_data: str = ""


def contacts(environment: Mapping[str, str] | None = None) -> Contacts:
    """Read who runs the installation.

    Raises
    ------
    InputError
        If the settings file cannot be read, or a value is no text of 200 characters at most.
    """
    section = read_settings(environment).section("service")
    section.only(("organisation", "accessibility", "personal_data"))
    said = {name: (section.typed(name, str) or "").strip() for name in section.values}
    for name, text in said.items():
        if len(text) > _LONGEST or not text.isprintable():
            msg = f"{section.path} : service.{name} : {_LONGEST} caractères au plus, sur une ligne."
            raise InputError(msg)
    return Contacts(**said)
