"""Pages in Streamlit, and the server in front of them.

`geozones.ui.state` alone touches the session. May import `common`, `domain`, `export`, `jobs`,
`render`, `workspace`, and the modules of `metrics` that name, write and judge figures.
"""

from pathlib import Path

#: Folder of the style sheets and scripts of the pages.
STATIC = Path(__file__).parent / "static"
