"""Text files: a path in, its content as one form of text out."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from shlex import quote
from stat import S_ISREG, filemode

from runner.errors import Fault


def read_text(file: Path) -> str:
    """Read a UTF-8 text file.

    Raise a Fault if the file cannot be read, is not UTF-8 or holds no text.
    """
    content = read_bytes(file)
    # The mark says which of both it is.
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        content = _recoded(file, content)
    # UTF-16 without a mark is UTF-8 too, as long as its letters are those of English: each has a NUL beside it.
    if (place := content.find(0)) >= 0:
        raise Fault(f"{file}: byte {place} is NUL, which no text holds. If it is UTF-16: {_converted(file, 'UTF-16LE')}")
    try:
        text = content.decode("utf-8-sig")  # -sig: Excel and Notepad write a byte order mark first
    except UnicodeDecodeError as error:
        raise Fault(
            f"{file} is not UTF-8 (byte {error.start} is {content[error.start]:#04x}). "
            f"Convert it: {_converted(file, 'WINDOWS-1252')}"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_bytes(file: Path) -> bytes:
    """Read a regular file. Raise a Fault if it can't be read."""
    check_regular(file)
    try:
        return file.read_bytes()
    except OSError as error:
        raise Fault(f"{file} can't be read: {error.strerror}. Check its permissions") from error


def _recoded(file: Path, content: bytes) -> bytes:
    """Turn UTF-16 into UTF-8."""
    try:
        return content.decode("utf-16").encode()
    except UnicodeDecodeError as error:
        raise Fault(f"{file} begins as UTF-16, but byte {error.start} is none. Save it as UTF-8") from error


def _converted(file: Path, encoding: str) -> str:
    """Return the command that converts a file to UTF-8."""
    return f"iconv -f {encoding} -t UTF-8 {quote(file.name)}"


def check_regular(file: Path) -> None:
    """Raise a Fault if a file has no definite end."""
    # A pipe would keep the command waiting for ever, and a device may have no end.
    try:
        mode = file.stat().st_mode
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead in a circle
        raise Fault(f"{file} can't be read: {error}. Check its permissions, and where it leads if it is a link") from error
    if not S_ISREG(mode):
        kinds = {"p": "pipe", "s": "socket", "c": "device", "b": "device", "d": "folder"}
        raise Fault(
            f"{file} is a {kinds.get(filemode(mode)[0], 'special file')}. Expected a regular file: copy the content into one"
        )
