"""Proposals: residents' ideas for public money.

A *proposal* is a resident's idea with its cost; a *costing* is the staff's estimate; a *review*
is the decision whether it can be done, with reasons. What passes review may stand on a ballot.
"""
