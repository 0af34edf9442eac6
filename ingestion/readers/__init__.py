"""Readers: received bytes become text cells, in a child process that can reach nothing else."""
