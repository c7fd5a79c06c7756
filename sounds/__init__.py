"""What callers hear: the phrases of each language, and the clips made of them."""
