"""One module a revision, named r0001_what.py; ``geozones.store.upgrade.HEAD`` is the last."""
