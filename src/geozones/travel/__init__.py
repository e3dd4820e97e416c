"""Driving times: engines that compute them, and files of matrices.

May import `common`, `domain`.
"""
