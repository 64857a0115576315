"""The polling station's pages, one module per noun."""
