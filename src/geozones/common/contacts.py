"""Contacts of the installation for the legal notices: section ``[service]`` of the settings."""

from collections.abc import Mapping
from dataclasses import dataclass

from geozones.common.errors import InputError
from geozones.common.settings_file import read_settings

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Contacts:
    """Operator of the installation, and addresses (e-mail or web) to write to; "" if not given."""

    organisation: str = ""
    accessibility: str = ""
    personal_data: str = ""


def contacts(environment: Mapping[str, str] | None = None) -> Contacts:
    """Read the contacts of the installation.

    Raises
    ------
    InputError
        If the settings file cannot be read, or a value is not a text of 200 characters at most.
    """
    section = read_settings(environment).section("service")
    section.only(("organisation", "accessibility", "personal_data"))
    values = {name: (section.typed(name, str) or "").strip() for name in section.values}
    for name, text in values.items():
        if len(text) > _LONGEST or not text.isprintable():
            msg = f"{section.path} : service.{name} : {_LONGEST} caractères au plus, sur une ligne."
            raise InputError(msg)
    return Contacts(**values)
