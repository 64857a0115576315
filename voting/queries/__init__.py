"""What the polling station reads; nothing here writes."""
