"""Alembic migrations of the scenarios' database."""
