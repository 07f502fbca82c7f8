"""Words of a text, normalised, so that texts that say the same thing in other clothes compare equal."""

import re
import unicodedata

_ARTICLES = {"a", "an", "the"}
_TOKEN = re.compile(r"\w+|[^\w\s]")


def plain(text: str) -> str:
    """The text in lower case, without accents, with one kind of dash, quote and space."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    folded = "".join(character for character in folded if not unicodedata.combining(character))
    return re.sub(r"\s+", " ", re.sub("[‐-―−]", "-", re.sub("[‘’`´]", "'", folded))).strip()


def normal(text: str) -> str:
    """The text's words in lower case, without punctuation and articles; equal for questions that are the same."""
    words = re.findall(r"\w+", plain(text).replace("'s", "s").replace("'", ""))
    return " ".join(word for word in words if word not in _ARTICLES) or plain(text)


def count(text: str) -> int:
    """How many words and punctuation marks a text holds: the tokens that the size of a labelling is measured in."""
    return len(_TOKEN.findall(text))
