"""What the polling station does: one function per civic act."""
