"""Page set-up and navigation, nothing else."""

import streamlit as st

from geozones.ui.frame import draw, inject_assets, report_unknown_address
from geozones.ui.server.session_limit import claim_session_slot, show_full_notice
from geozones.ui.server.web_guard import OLD_ADDRESSES
from geozones.ui.shared_pages import draw_alone
from geozones.ui.state.address import asked_opinion, asked_version

# before the navigation: the icon of a page would take its place
st.set_page_config(page_icon="static/icon.svg", layout="wide")
PAGES = [
    st.Page("pages/carte.py", title="Carte", icon=":material/map:", default=True),
    st.Page("pages/equipes.py", title="Équipes", icon=":material/groups:"),
    st.Page("pages/scenarios.py", title="Scénarios", icon=":material/account_tree:"),
    st.Page("pages/partager.py", title="Partager", icon=":material/ios_share:"),
    st.Page("pages/donnees.py", title="Données", icon=":material/table_view:"),
]
OLD = [
    st.Page(leads, title=path, url_path=path, visibility="hidden")
    for path, leads in OLD_ADDRESSES.items()
]
page = st.navigation([*PAGES, *OLD], position="hidden")
st.set_page_config(page_title=f"{page.title} – geozones")
if not claim_session_slot():
    inject_assets()
    show_full_notice()
elif asked_version() or asked_opinion() or st.context.is_embedded:
    draw_alone(starts_show=page.url_path == "webinaire")
else:
    page.run()
    report_unknown_address([*PAGES, *OLD])
    draw(PAGES)
