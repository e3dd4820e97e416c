"""Pages opened by a link: shared versions, opinions asked, embedded maps."""
