"""Sentences: a text of any language in, the places where its sentences end out.

The rules of each language are those of sentencex (MIT). It finds no sentence of its own in a text without punctuation.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from sentencex import segment

# A text is read by the rules of its script's most common language, since scripts can't be mistaken. English stands for all that
# is written in Latin letters: its abbreviations are the most common ones, and what it takes for an end in other languages
# (German "Nr. 3", Polish "np. o") is refused below.
_LANGUAGES = {
    "ARABIC": "ar",
    "ARMENIAN": "hy",
    "BENGALI": "bn",
    "CJK": "zh",
    "CYRILLIC": "ru",
    "DEVANAGARI": "hi",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "HANGUL": "ko",
    "HEBREW": "he",
    "HIRAGANA": "ja",
    "KANNADA": "kn",
    "KATAKANA": "ja",
    "MALAYALAM": "ml",
    "ORIYA": "or",
    "TAMIL": "ta",
    "TELUGU": "te",
}
_READ = 2000  # characters that tell a text's script
# Chinese and Japanese write no space behind a sentence.
_ENDED = re.compile(r"\s$|[。！？｡]$")
# A number behind a short word with a full stop: Fig. 3, approx. 3 V, Nr. 3. After "rev 2." a word in small letters goes on.
_SHORTENED = re.compile(r"(?:^|[\s(\[\"'])[^\W\d_]{1,6}\.\s+$")


def sentences(text: str) -> list[str]:
    """Split a text into sentences, without the space between them."""
    ends = sentence_ends(text)
    parts = (text[start:end].strip() for start, end in zip([0, *ends], [*ends, len(text)], strict=True))
    return [part for part in parts if part]


def sentence_ends(text: str) -> list[int]:
    """Return the places where a sentence ends and another begins.

    They lie behind the space that follows a sentence. A line that ends without punctuation ends no sentence, a paragraph does.
    """
    return list(_ends(text))


def _ends(text: str) -> Iterator[int]:
    end = 0
    for part in segment(_language(text), text):
        if end and _is_end(text, end):
            yield end
        end += len(part)


def _is_end(text: str, end: int) -> bool:
    """Return true if a sentence ends here."""
    before, after = text[max(end - 40, 0) : end], text[end : end + 1]
    # Spaces that sentencex left to the next sentence, or a name such as CTRL.EN.
    if not _ENDED.search(before) or after.isspace():
        return False
    ended = before.rstrip()
    if not ended or "\n\n" in before[len(ended) :]:
        return True
    if unicodedata.category(ended[-1])[0] == "L":  # a line of a list, or a line that was wrapped
        return False
    return not after.islower() and not (after.isdecimal() and _SHORTENED.search(before))


def _language(text: str) -> str:
    """Return the code of a language by the script."""
    letters = (letter for letter in text[:_READ] if letter > "\u024f" and letter.isalpha())
    scripts = Counter(unicodedata.name(letter, "").split()[0].split("-")[0] for letter in letters if unicodedata.name(letter, ""))
    # Japanese mixes its own letters with Chinese ones.
    if scripts["HIRAGANA"] or scripts["KATAKANA"]:
        return "ja"
    for script, count in scripts.most_common(1):
        # A Greek letter in an English text is a symbol.
        if 5 * count > sum(letter.isalpha() for letter in text[:_READ]):
            return _LANGUAGES.get(script, "en")
    return "en"
