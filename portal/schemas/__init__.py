"""What forms hold: text made into the domain's values, and nothing else."""
