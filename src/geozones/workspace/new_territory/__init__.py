"""New territory: a data folder made from a list of sites."""
