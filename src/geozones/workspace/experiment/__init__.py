"""What an experiment showed: its journal, what it says of the hypotheses, its bilan."""
