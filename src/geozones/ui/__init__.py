"""The interface: state, components, the server."""
