"""Counting held against other people's programs, which live in an environment of their own."""
