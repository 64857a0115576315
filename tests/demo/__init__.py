"""The demonstration city, as a newcomer starts it."""
