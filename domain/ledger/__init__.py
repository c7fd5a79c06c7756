"""Money moved, and money set aside."""
