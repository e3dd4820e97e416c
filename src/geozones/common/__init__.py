"""Files, settings, errors and French typography: what knows no lycée and imports no other room."""
