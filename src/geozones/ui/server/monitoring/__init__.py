"""Monitoring of the app for administrators: log, counters, readiness."""
