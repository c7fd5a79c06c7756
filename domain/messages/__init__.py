"""SMS in and out: read, obeyed, answered."""
