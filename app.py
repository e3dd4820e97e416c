"""Page set-up and navigation, nothing else."""

import streamlit as st

st.set_page_config(page_title="geozones", page_icon="static/icon.svg", layout="wide")
st.navigation(
    [
        st.Page("pages/carte.py", title="Carte", icon=":material/map:", default=True),
        st.Page("pages/atelier.py", title="Atelier", icon=":material/swap_horiz:"),
        st.Page("pages/propositions.py", title="Propositions", icon=":material/trending_down:"),
        st.Page("pages/equipes.py", title="Équipes", icon=":material/groups:"),
        st.Page("pages/scenarios.py", title="Scénarios", icon=":material/account_tree:"),
        st.Page("pages/temps.py", title="Temps de trajet", icon=":material/schedule:"),
        st.Page("pages/donnees.py", title="Données", icon=":material/table_view:"),
        st.Page("pages/partager.py", title="Partager", icon=":material/ios_share:"),
        st.Page("pages/webinaire.py", title="Webinaire", icon=":material/present_to_all:"),
    ],
    position="top",
).run()
