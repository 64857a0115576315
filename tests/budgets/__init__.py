"""Budget rounds: who sees them, their calendar by the clock, and when they freeze."""
