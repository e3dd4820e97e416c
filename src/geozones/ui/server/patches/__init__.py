"""Workarounds for faults of Streamlit and its web server, one fault a module."""
