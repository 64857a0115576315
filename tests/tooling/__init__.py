"""The Makefile, the scripts and the files that the tools read."""
