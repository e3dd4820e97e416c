"""The items of the yearly cost, one file each."""
