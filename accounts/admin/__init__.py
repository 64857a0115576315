"""The desk's screens: confirming residents, giving roles."""
