"""Accounts, the numbers that prove them, and the numbers of ours."""
