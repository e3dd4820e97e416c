"""List the licence of each package that is installed with geozones, from its own metadata.

Exits 1 if a package states no licence (look it up, and write it in `KNOWN`), or if a licence binds
those who distribute the package and is not in `COPYLEFT` (read it, then write there why it may
stay).
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

LOCKED = Path(__file__).parents[1] / "deploy" / "requirements.txt"
#: What packages say nowhere that a program reads: from the LICENSE file of each.
KNOWN = {"streamlit-folium": "MIT", "xstatic-leaflet": "BSD-2-Clause"}
#: Packages of weak copyleft: a change to their own files must be published under their licence;
#: geozones changes none of them. docs/service.md names each.
COPYLEFT = {
    "certifi": "MPL-2.0",
    "font-source-sans-pro": "OFL-1.1",
    "fontpkg-arimo": "OFL-1.1",
    "psycopg": "LGPL-3.0",
    "psycopg-binary": "LGPL-3.0",
}
_COPYLEFT = re.compile(
    r"GPL|MPL|EPL|CDDL|EUPL|OFL|CC-BY-SA|GNU|Mozilla|Eclipse|European Union|Open Font|Share.?Alike",
    re.IGNORECASE,
)
_LONGEST = 60


def main() -> int:
    """Print a line a package; return the exit status."""
    unknown, unread = 0, []
    for name in sorted(locked(), key=str.lower):
        try:
            package = distribution(name)
        except PackageNotFoundError:  # of another system
            continue
        said = KNOWN.get(name) or licence(package)
        unknown += not said
        if _COPYLEFT.search(said) and name not in COPYLEFT:
            unread.append(f"{name} ({said})")
        print(f"{name}\t{package.version}\t{said or '?'}")
    if unread:
        print(f"Not in COPYLEFT: {', '.join(unread)}", file=sys.stderr)
    return 1 if unknown or unread else 0


def locked() -> list[str]:
    """Return the packages of an installation."""
    return re.findall(r"^([\w.-]+)==", LOCKED.read_text(encoding="utf-8"), re.MULTILINE)


def licence(package: Distribution) -> str:
    """Return the licence in a package's metadata: SPDX, else classifiers, else a short text."""
    about = package.metadata
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    named = [
        entry.rpartition(" :: ")[2]
        for entry in about.get_all("Classifier", [])
        if entry.startswith("License :: ") and not entry.endswith("OSI Approved")
    ]
    text = str(about.get("License") or "").strip()
    return ", ".join(named) or (text.splitlines()[0][:_LONGEST] if text else "")


if __name__ == "__main__":
    sys.exit(main())
