"""What leaves the polling station on paper."""
