"""The kinds of ballots, by the names that Pabulib's format has for them."""

RANKED = "ordinal"
TICKED = ("approval", "choose-1")
POINTED = ("cumulative", "scoring")
