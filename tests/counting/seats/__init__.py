"""Races without money: rules, readings, files."""
