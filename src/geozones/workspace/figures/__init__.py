"""A plan under hypotheses: figures, yearly cost, points de vigilance, comparison."""
