"""Transparency: what everybody may read.

The public page of a budget round in every phase, published results with the reason for each, and
the open data from which anybody can count again.

A *publication* is the moment at which certified counts become public and immutable; its *manifest*
lists every published file with its SHA-256.
"""
