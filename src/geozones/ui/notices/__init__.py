"""What the law asks a public service to say: how accessible it is, which personal data it keeps."""

#: The part of the page Données that says both, in its address.
NOTICES = "mentions"
