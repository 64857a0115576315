"""Journeys: whole errands in a real browser."""
