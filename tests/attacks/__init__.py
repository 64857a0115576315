"""Attacks of the reliability reference, each as a test."""
