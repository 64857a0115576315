"""Why an act in the polling station cannot be done now, in one sentence."""
