"""The settings file and the environment: read, refused with a name, never showing a key."""

from pathlib import Path

import pytest

from geozones.common.errors import InputError
from geozones.travel.engine_chain import TravelSettings, read_travel_settings

WHOLE = """
[travel]
engines = ["valhalla", "shipped", "estimate"]
roads = "/srv/roads"
tiles = "/srv/tiles"

[travel.openrouteservice]
url = "http://routes.example:8082/ors"
max_pairs = 2500
timeout_s = 12.5
"""


def read(tmp_path: Path, text: str | None = None, **environment: str) -> TravelSettings:
    if text is not None:
        (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
    return read_travel_settings({"GEOZONES_HOME": str(tmp_path), **environment})


def test_without_a_file_the_shipped_matrix_then_estimates(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.engines == ("shipped", "estimate")
    assert settings.matrix == tmp_path / "travel_times.parquet"
    assert settings.tiles_folder == tmp_path / "valhalla"


def test_the_file_of_the_home_folder_is_read(tmp_path: Path) -> None:
    settings = read(tmp_path, WHOLE)
    assert settings.engines == ("valhalla", "shipped", "estimate")
    assert (settings.roads, settings.tiles) == (Path("/srv/roads"), Path("/srv/tiles"))
    assert settings.ors_url == "http://routes.example:8082/ors"
    assert settings.ors_options == {"max_pairs": 2500, "timeout_s": 12.5}


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        WHOLE,
        GEOZONES_ENGINES=" shipped , estimate,shipped",
        GEOZONES_ROADS_DIR="/other",
        GEOZONES_ORS_URL="http://other.example",
        GEOZONES_ORS_KEY="s3cret",
    )
    assert settings.engines == ("shipped", "estimate")
    assert settings.roads == Path("/other")
    assert settings.ors_url == "http://other.example"
    assert settings.ors_key == "s3cret"
    assert "s3cret" not in repr(settings)


def test_a_key_comes_from_a_file_of_its_own_never_from_the_settings(tmp_path: Path) -> None:
    (tmp_path / "ors.key").write_text("s3cret\n")
    kept = f'[travel.openrouteservice]\nkey_file = "{tmp_path}/ors.key"\n'
    assert read(tmp_path, kept).ors_key == "s3cret"
    with pytest.raises(InputError, match="GEOZONES_ORS_KEY ou key_file") as caught:
        read(tmp_path, '[travel.openrouteservice]\nkey = "s3cret"\n')
    assert "s3cret" not in str(caught.value)
    with pytest.raises(InputError, match=r"fichier de la clé .*il n'existe pas"):
        read(tmp_path, '[travel.openrouteservice]\nkey_file = "/nowhere/ors.key"\n')


def test_the_section_of_a_former_version_is_left_aside(tmp_path: Path) -> None:
    former = "[services]\nfetch = true\n[services.extracts]\nmax_megabytes = 8000\n"
    assert read(tmp_path, former) == read(tmp_path, "")
    assert read(tmp_path, WHOLE + former).engines == ("valhalla", "shipped", "estimate")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[travel", "n'est pas du TOML lisible"),
        ("[voyage]\n", "réglage inconnu : voyage"),
        ("[travel]\nengine = 3\n", r"inconnu dans \[travel\] : engine"),
        ("[travel]\nengines = 3\n", "« engines » doit être une liste"),
        ("travel = 3\n", "« travel » doit être une section"),
        ("[travel]\nroads = 3\n", "« roads » doit être le chemin"),
        ("[travel.openrouteservice]\nmax_pairs = true\n", "« max_pairs » doit être un nombre"),
        ("[travel.openrouteservice]\nurl = 3\n", "« url » doit être un texte"),
    ],
)
def test_a_setting_without_meaning_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, text)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\(GEOZONES_SETTINGS\) n'existe pas"):
        read(tmp_path, GEOZONES_SETTINGS=str(tmp_path / "absent.toml"))
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="TOML"):
        read(tmp_path, GEOZONES_SETTINGS=str(tmp_path / "bad.toml"))
