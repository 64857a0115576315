"""The polling station: who may vote on what, the ballots, and how they are counted.

Words of this room. A *contest* is one question on the ballot paper, its *options* are the proposals
or answers one may rank. The *voter roll* says who may vote and who has. A *ballot* is what was
marked, without a name; its *ranking* is the order. A *receipt* is the code that proves inclusion. A
*count* is one run of a counting rule, made of *stages*. An election officer *certifies* a count;
another one *publishes* it.

`voting.counting` holds the rules themselves. It knows nothing of this room, of the web or of the
database, so that anybody can run it on a published file.
"""
