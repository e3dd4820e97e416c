"""Map background from an OpenStreetMap extract: built once, in one file, read by zoom."""
