"""Workarounds for faults of Streamlit and its web server, each named where it is patched."""
