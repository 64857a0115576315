"""One function for each civic act in the forums."""
