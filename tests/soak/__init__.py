"""A monkey that plays with the running app for as long as it is told (``make soak``)."""
