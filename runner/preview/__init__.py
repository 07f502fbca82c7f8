"""A forecast of a command: requests, costs and time."""
