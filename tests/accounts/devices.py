"""Other devices than the one that a test holds in its hand."""

from flask import Flask

from tests.harness.client import BrowserLikeClient


def another_device(app: Flask) -> BrowserLikeClient:
    """A browser of its own, with its own cookies."""
    client = app.test_client()
    assert isinstance(client, BrowserLikeClient)
    return client
