"""The map background that an OpenStreetMap extract gives: made once, in one file, read by zoom."""
