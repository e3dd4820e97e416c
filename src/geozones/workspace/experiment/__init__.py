"""Findings of an experiment: its journal, the hypotheses it corrects, its bilan."""
