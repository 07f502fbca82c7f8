"""PPTX: slides in, a section with text, tables and speaker notes for each out."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from runner.corpus.readers import Document
from runner.corpus.readers.installed import needed
from runner.corpus.readers.markdown_writing import flat, prose
from runner.corpus.readers.office_archive import opened
from runner.corpus.readers.sheet import sheet
from runner.errors import Fault

if TYPE_CHECKING:
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide


def read(file: Path, home: Path) -> Document:
    """Read the slides of a presentation, with their notes.

    pandoc leaves out the notes and the numbers of slides. Text within pictures is not read. Raise a Fault if the file can't be
    read.
    """
    with needed(file, "python-pptx"):
        from lxml.etree import LxmlError
        from pptx import Presentation
        from pptx.exc import PythonPptxError
    with opened(file):
        try:
            slides = list(Presentation(str(file)).slides)
            written = [_slide(number, slide) for number, slide in enumerate(slides, 1)]
        except (PythonPptxError, BadZipFile, LxmlError, LookupError, ValueError, AttributeError, RecursionError) as error:
            raise Fault(f"{file} can't be read as PPTX: {error}. Save it again, or leave it out") from error
    lines: list[str] = []
    places = []
    for number, text in enumerate(written, 1):
        places.append((len(lines), f"slide {number}"))
        lines += [*text.split("\n"), ""]
    return Document(markdown="\n".join(lines), places=tuple(places))


def _slide(number: int, slide: "Slide") -> str:
    """Write a slide as Markdown."""
    title = slide.shapes.title
    heading = flat(title.text_frame.text) if title is not None else ""
    parts = [f"## {heading or f'Slide {number}'}"]
    for shape in _shapes(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            parts.append(_text(shape))
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None and frame.text.strip():
        parts.append(f"Speaker notes: {prose(frame.text.strip())}")
    return "\n\n".join(part for part in parts if part.strip())


def _shapes(shapes: Iterable["BaseShape"]) -> Iterator["BaseShape"]:
    """Yield shapes from top to bottom, with those in groups."""
    from pptx.shapes.group import GroupShape

    for shape in sorted(shapes, key=lambda part: (part.top or 0, part.left or 0)):
        yield from _shapes(shape.shapes) if isinstance(shape, GroupShape) else [shape]


def _text(shape: "BaseShape") -> str:
    """Return the text of a shape; items of a list have their depth."""
    from pptx.shapes.autoshape import Shape
    from pptx.shapes.graphfrm import GraphicFrame

    if isinstance(shape, GraphicFrame) and shape.has_table:
        return "\n".join(sheet([[cell.text for cell in row.cells] for row in shape.table.rows]))
    if not isinstance(shape, Shape):
        return ""
    paragraphs = [(paragraph.level, flat(paragraph.text)) for paragraph in shape.text_frame.paragraphs if paragraph.text.strip()]
    if len(paragraphs) > 1 and shape.is_placeholder:
        return "\n".join(f"{'  ' * level}- {text}" for level, text in paragraphs)
    return "\n\n".join(prose(text) for _, text in paragraphs)
