"""What must hold under fire: ballots while processes die, disks fill and databases go away.

Each scenario is a function that takes a town with a ballot box, does its worst to the server that
people really run, and returns what it saw. pytest runs all of them in a short form, `make
resilience` in full. Each has a defect beside it in `defects`, a server that is wrong in one way,
and must be seen to fail with it.
"""
