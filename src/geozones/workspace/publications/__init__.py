"""Publications: plans in force, past and future; publishing, approving, withdrawing."""
