"""Migrations, one module each, named r0001_what.py; ``geozones.store.upgrade.HEAD`` is the last."""
