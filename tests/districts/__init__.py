"""Districts: adding and naming the parts of the city."""
