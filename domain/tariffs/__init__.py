"""What a minute costs."""
