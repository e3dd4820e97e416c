"""Migrations, one module each, named r0001_what.py; ``geozones.store.state.HEAD`` is the last."""
