"""The public pages, the downloads and the officers' screen of publication."""
