"""One straight-line script per kind of call."""
