"""A forecast of what a command would ask, pay and take."""
