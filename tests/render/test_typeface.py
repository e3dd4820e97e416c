"""The typeface of files, which an installation may be without."""

from pathlib import Path

from geozones.render.typeface import typeface, typeface_in


def test_files_are_in_the_typeface_of_the_app() -> None:
    assert typeface().name == "Source Sans Pro"
    assert typeface().warning == ""


def test_a_missing_file_leaves_the_last_typeface_and_a_sentence(tmp_path: Path) -> None:
    for path in (paths[0] for paths in typeface().files.values()):
        (tmp_path / path.name).symlink_to(path)
    assert typeface_in(tmp_path).name == "Source Sans Pro"
    (tmp_path / "SourceSansPro-It.ttf").unlink()
    for folder in (tmp_path, tmp_path / "away", None):
        found = typeface_in(folder)
        assert found.names == ("DejaVu Sans",)
        assert all(path.is_file() for paths in found.files.values() for path in paths)
        assert found.warning.startswith("La police Source Sans Pro manque à cette installation")
