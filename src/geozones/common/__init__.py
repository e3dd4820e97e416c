"""Base room: files, settings, errors, web client, French typography; nothing about lycées.

It imports no other room.
"""
