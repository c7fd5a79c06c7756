"""A telephone network that fits on a laptop."""
