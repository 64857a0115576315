"""What must hold of every module, route, page and model, found by looking at all of them."""
