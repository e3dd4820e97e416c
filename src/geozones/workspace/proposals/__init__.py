"""Optimisation of plans: the best plans, with their proof."""
