"""The shape of what officers type."""
