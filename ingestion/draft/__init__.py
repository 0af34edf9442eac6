"""Drafts: from a file at hand, the contract of a new dataset, or the lines of a new edition."""
