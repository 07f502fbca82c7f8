"""Fault: a problem that the user can mend, told in words that say what was found, what was expected, what to do."""


class Fault(Exception):  # noqa: N818 - it is a message to a person, not an error of the program
    """What is wrong with the input, the settings or the surroundings; printed without a traceback."""
