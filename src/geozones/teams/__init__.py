"""Équipes: posts proposed and checked, absences covered, resilience counted and simulated.

``composition`` and ``roster`` are the formulation of proposals; they need the solver, and are
imported by whoever asks for a proposal: ``geozones.teams.propose``.
"""
