"""Words of a text, normalised, so that texts that say the same thing in other clothes compare equal."""

import re
import unicodedata

_ARTICLES = {"a", "an", "the"}
_TOKEN = re.compile(r"\w+|[^\w\s]")


def bare(text: str) -> str:
    """The text without accents, with one kind of dash, quote and space; capitals stay."""
    parts = unicodedata.normalize("NFKD", text)
    parts = "".join(character for character in parts if not unicodedata.combining(character))
    parts = re.sub("[“”„‟]", '"', re.sub("[‘’`´]", "'", parts))
    return re.sub(r"\s+", " ", re.sub("[‐-―−]", "-", parts)).strip()


def plain(text: str) -> str:
    """The bare text in lower case."""
    return bare(text).casefold()  # last: taking characters apart may bring capitals back


def normal(text: str) -> str:
    """The text's words in lower case, without punctuation and articles; equal for questions that are the same."""
    words = re.findall(r"\w+", plain(text).replace("'s", "s").replace("'", ""))
    return " ".join(word for word in words if word not in _ARTICLES) or plain(text)


def count(text: str) -> int:
    """How many words and punctuation marks a text holds: the tokens that the size of a labelling is measured in."""
    return len(_TOKEN.findall(text))
