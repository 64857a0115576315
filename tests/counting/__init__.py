"""Counting, tested twice: engine and recount must agree, on real votes and invented ones."""
