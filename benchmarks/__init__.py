"""Measurements against stated targets: counting, and serving pages."""
