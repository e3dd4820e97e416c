"""Legal notices of a public service: accessibility statement and personal data."""

#: Part of the page Données with these notices, as named in its address.
NOTICES = "mentions"
