"""Parts of a teacher's prompt: a section, a purpose, earlier questions."""

from collections.abc import Sequence

from runner.data.records import Label, Material, Section
from runner.data.templates import fill


def purpose_of(material: Material) -> str:
    """Return the purpose of a study, or a general one."""
    return material.purpose or "Know what these documents state."


def named(section: Section) -> dict[str, str]:
    """Return what tells a teacher where a section stands."""
    return {"title": section.title, "document": section.document, "heading": section.heading}


def on_section(template: str, section: Section, material: Material, labels: Sequence[Label], **values: object) -> str:
    """Fill a template with a section, purpose and earlier questions."""
    about = {**named(section), "text": section.text, "purpose": purpose_of(material), "earlier": earlier(labels)}
    return fill(template, **about, **values)


def numbered(texts: Sequence[str]) -> str:
    """Number texts from 1, a line each."""
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))


def earlier(labels: Sequence[Label]) -> str:
    """List the questions that the teacher should not repeat."""
    return "\n".join(f"- {label.question or label.around}" for label in labels) or "(none yet)"
