"""Driving times: engines that compute them, and the shipped table."""
