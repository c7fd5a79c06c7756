"""Names and positions for numbers."""
