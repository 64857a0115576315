"""Publishing results, reading them, and nothing of them before."""
