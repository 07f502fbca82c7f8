"""Templates with places for values in, texts out, and back."""

import re

from pydantic import AfterValidator

# A name in braces. A number such as {4} is no place: a prompt may contain a regular expression.
PLACE = r"\{([A-Za-z_]\w*)\}"


def fill(template: str, **values: object) -> str:
    """Replace each {name} in a template by its value.

    Names without a value and all other braces stay as they are.
    """
    # In one pass, so that a {name} within a value (a document about templates) is not replaced in its turn. str.format would
    # fail at the braces of JSON or code.
    return re.sub(PLACE, lambda match: str(values.get(match[1], match[0])), template)


def unfill(template: str, text: str) -> dict[str, str] | None:
    """Return the values that `fill` put into a template.

    Return None if the text was not made from this template.
    """
    parts, names, pattern = re.split(PLACE, template), set[str](), ""
    # re.split alternates between plain text and the names that it split at.
    for number, part in enumerate(parts):
        if number % 2 == 0:
            pattern += re.escape(part)
        else:
            # A name that occurs twice must have the same value in both places.
            pattern += f"(?P={part})" if part in names else f"(?P<{part}>.*?)"
            names.add(part)
    match = re.fullmatch(pattern, text, flags=re.DOTALL)
    return match.groupdict() if match else None


def with_places(*names: str) -> AfterValidator:
    """Return a check for places of these names."""

    def check(template: str) -> str:
        if missing := [f"{{{name}}}" for name in names if name not in re.findall(PLACE, template)]:
            raise ValueError(f"expected a prompt with a place for {', '.join(missing)}")
        return template

    return AfterValidator(check)
