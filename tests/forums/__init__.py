"""The forums."""
