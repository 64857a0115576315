"""The ground that every room stands on.

Database, access, refusals, text, money, clock, forms, responses, jobs, mail, search, audit and
language live here. The ground knows no room: nothing in it imports one.
"""
