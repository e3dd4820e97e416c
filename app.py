"""Page set-up and navigation, nothing else."""

import streamlit as st

from geozones.ui.frame import draw
from geozones.ui.old_addresses import OLD_ADDRESSES

CARTE = st.Page("pages/carte.py", title="Carte", icon=":material/map:", default=True)
PARTAGER = st.Page("pages/partager.py", title="Partager", icon=":material/ios_share:")
PAGES = [
    CARTE,
    st.Page("pages/equipes.py", title="Équipes", icon=":material/groups:"),
    st.Page("pages/scenarios.py", title="Scénarios", icon=":material/account_tree:"),
    PARTAGER,
    st.Page("pages/donnees.py", title="Données", icon=":material/table_view:"),
]
OLD = [
    st.Page(leads, title=path, url_path=path, visibility="hidden")
    for path, leads in OLD_ADDRESSES.items()
]
page = st.navigation([*PAGES, *OLD], position="hidden")
st.set_page_config(
    page_title=f"{page.title} – geozones", page_icon="static/icon.svg", layout="wide"
)
page.run()
draw(PAGES, frozen=[CARTE, PARTAGER])
