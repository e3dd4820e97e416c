"""Migrations, one module each, named r0011_what.py; ``geozones.store.state.HEAD`` is the last."""
