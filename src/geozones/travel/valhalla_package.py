"""Python package ``valhalla``: import, settings, and path of its build tool."""

import copy
import os
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from geozones.domain.errors import EngineMissingError


def load_package() -> ModuleType:
    """Import ``valhalla``, which only the extra ``geozones[valhalla]`` installs.

    Raises
    ------
    EngineMissingError
        If it is not installed, or does not load on this machine.
    """
    try:
        return import_module("valhalla")
    except ModuleNotFoundError:
        message = (
            "Le moteur Valhalla n'est pas installé : installez-le avec "
            "« pip install 'geozones[valhalla]' »."
        )
    except ImportError as error:
        message = (
            f"Le moteur Valhalla ne se charge pas sur cette machine ({error}) : réinstallez-le "
            "avec « pip install --force-reinstall 'geozones[valhalla]' »."
        )
    raise EngineMissingError(message)


def package_version(valhalla: ModuleType) -> str:
    """Return the version of the package, without the mark of its commit."""
    return str(valhalla.__version__).partition("-")[0]


def base_config(valhalla: ModuleType, tile_dir: Path) -> dict[str, Any]:
    """Return Valhalla's default settings for a folder of tiles, without any file outside it."""
    # the package hands out its own module-level dictionaries: never write in them
    config: dict[str, Any] = copy.deepcopy(valhalla.get_config(tile_extract="", tile_dir=""))
    mjolnir = config["mjolnir"]
    mjolnir["tile_dir"] = str(tile_dir.resolve())
    for elsewhere in ("admin", "landmarks", "timezone", "traffic_extract"):
        mjolnir[elsewhere] = ""
    mjolnir["transit_dir"] = mjolnir["transit_feeds_dir"] = ""
    config["additional_data"]["elevation"] = ""
    config["logging"] = {"type": "", "color": False}
    return config


def tool_path(valhalla: ModuleType) -> Path:
    """Return the path of ``valhalla_build_tiles``, which the package does not put on the PATH."""
    name = "valhalla_build_tiles.exe" if os.name == "nt" else "valhalla_build_tiles"
    return _folder(valhalla) / "bin" / name


def tool_environment(valhalla: ModuleType) -> dict[str, str]:
    """Return the environment of the tool; on Windows it finds its libraries by the path alone."""
    libraries = str(_folder(valhalla).parent / "pyvalhalla.libs")
    return {**os.environ, "PATH": os.pathsep.join([libraries, os.environ.get("PATH", "")])}


def _folder(valhalla: ModuleType) -> Path:
    return Path(str(valhalla.__file__)).parent
