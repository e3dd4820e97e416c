"""Migrations, one module each, named r0011_what.py; ``geozones.store.store.HEAD`` is the last."""
