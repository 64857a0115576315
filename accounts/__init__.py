"""Accounts: who a person is here.

An *account* is an e-mail address that was confirmed; it lets a person write. *Residency* is a
clerk's word that this person is on the register and lives in a district; it lets her vote.
"""
