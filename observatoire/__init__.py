"""WHO: a person's door to the observatory, the command line."""
