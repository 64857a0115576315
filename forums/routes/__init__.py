"""The forums over HTTP."""
