"""A forecast of the requests, costs and time of a command."""
