"""Gateways and routes: by which way a leg leaves the house."""
