"""The demonstration city: a past round that was counted, one that votes now, one that collects.

It is made of real votes (data/README.md names the source), of the same services that staff and
residents use, and of people who are invented. `python -m app.demo` makes and serves it.
"""
