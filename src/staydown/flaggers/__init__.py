"""Trusted flaggers: what organisations flag in bulk, for whom, how far each of it is, and how well they flag (art. 22)."""
