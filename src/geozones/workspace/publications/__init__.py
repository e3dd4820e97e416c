"""Publications: plans in force, past and future; publishing, withdrawing."""
