"""The roof: how the house is put together, started and steered."""
