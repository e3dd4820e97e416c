from pathlib import Path

import pytest

from geozones.common.errors import InputError
from geozones.geocode import GeocodeSettings, read_geocode_settings

WHOLE = """
[geocode]
providers = ["local", "annuaire"]
cache_days = 30
min_score = 0.6

[geocode.geoplateforme]
url = "http://adresses.example:7878/"
per_second = 10
batch_rows = 200
timeout_s = 5
"""


def read(tmp_path: Path, text: str | None = None, **environment: str) -> GeocodeSettings:
    if text is not None:
        (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
    return read_geocode_settings({"GEOZONES_HOME": str(tmp_path), **environment})


def test_without_settings_no_service_is_asked(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.providers == ("local",)
    assert settings.geoplateforme.per_second == 50
    assert settings.cache == tmp_path / "geocode"


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    settings = read(tmp_path, WHOLE, GEOZONES_GEOCODERS="geoplateforme, local")
    assert settings.providers == ("geoplateforme", "local")
    assert settings.geoplateforme.url == "http://adresses.example:7878"
    assert (settings.geoplateforme.per_second, settings.geoplateforme.batch_rows) == (10, 200)
    assert (settings.cache_days, settings.min_score) == (30, 0.6)
    other = read(tmp_path, WHOLE, GEOZONES_GEOPLATEFORME_URL="http://127.0.0.1:1/geocodage")
    assert other.geoplateforme.url == "http://127.0.0.1:1/geocodage"
    assert other.providers == ("local",)  # the directory of earlier versions is left aside


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[geocode]\nservices = []", "réglage inconnu dans \\[geocode\\] : services"),
        ("[geocode]\nproviders = 3", "liste de noms"),
        ("[geocode]\nmin_score = 3", "min_score"),
        ("[geocode.geoplateforme]\nurl = 3", "doit être un texte"),
        ('[geocode.geoplateforme]\nurl = "ftp://x"', "url doit être une adresse"),
        ("[geocode.geoplateforme]\nper_second = true", "doit être un nombre entier"),
        ("[geocode.geoplateforme]\nper_second = 0", "per_second doit être entre 1"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, text)
