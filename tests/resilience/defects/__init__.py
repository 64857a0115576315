"""Servers that are wrong in one way each, so that every scenario is seen to fail.

Each module has an `app` for gunicorn and changes the application from outside. Nothing in the
product knows of them, and no setting leads to them.
"""
