"""The polling station: roll, ballots, closing, counts."""
