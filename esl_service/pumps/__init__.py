"""What must happen again and again, one step each: the app decides how often."""
