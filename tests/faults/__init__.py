"""What must not happen, made to happen: the faults that the observatory survives."""
