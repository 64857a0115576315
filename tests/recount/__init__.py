"""Checking a downloaded ballot log with `recount.py verify`."""
