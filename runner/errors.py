"""Problems that the user can solve, with their exit codes."""

import errno
from typing import ClassVar

# Errors of the system where a file can't be written. Any other one has its reason elsewhere.
UNWRITABLE = {errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


class Fault(Exception):  # noqa: N818 - a message to a person, not an error of the program
    """A problem with the input, the settings or the surroundings.

    The message says what was found, what was expected and what to do. It is printed without a traceback.
    """

    exit_code: ClassVar[int] = 1


class RefusedRequest(Fault):
    """A host refused a request for what the request holds."""

    def __init__(self, message: str, text: str = "") -> None:
        """Keep the text of the request's first turn."""
        super().__init__(message)
        self.text = text


class InvalidInput(Fault):
    """A problem that was found before any work began."""

    exit_code: ClassVar[int] = 2  # as for a wrong command line, so that a script can tell it from failed work
