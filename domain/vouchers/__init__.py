"""Vouchers: PINs worth money, made in batches, each redeemed once."""
