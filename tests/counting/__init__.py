"""Counting, tested twice: the engine and the recount must agree, on real votes and invented ones."""
