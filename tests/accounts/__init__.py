"""Accounts: registering, signing in, confirming residents, giving roles."""
