"""Districts: where things are. A *district* is a part of the city that has its own money."""
