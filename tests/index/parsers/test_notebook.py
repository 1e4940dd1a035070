"""Notebooks: prose and outputs, each under the number of its cell."""

from __future__ import annotations

import json

import pytest

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers import parse

FOX = "The red fox sleeps in the mill at night."
DOG = "A dog barks at the river."


def notebook(*cells: dict[str, object], **metadata: object) -> Parsed:
    made = {"nbformat": 4, "metadata": metadata, "cells": cells}
    return parse("a.ipynb", json.dumps(made).encode())


def markdown(*source: str) -> dict[str, object]:
    return {"cell_type": "markdown", "source": list(source)}


def code(*outputs: dict[str, object]) -> dict[str, object]:
    return {"cell_type": "code", "source": "import secret", "outputs": list(outputs)}


def printed(text: str) -> dict[str, object]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def shown(**forms: str) -> dict[str, object]:
    data = {name.replace("_", "/"): text for name, text in forms.items()}
    return {"output_type": "display_data", "data": data}


def quoted(parsed: Parsed) -> list[tuple[str, str]]:
    return [(one.heading, one.span.cut(parsed.text)) for one in parsed.paragraphs]


def test_prose_and_outputs_in_order() -> None:
    parsed = notebook(
        markdown("# Foxes\n", "\n", FOX), code(printed(DOG)), markdown("## Dogs\n- " + DOG)
    )
    assert parsed.metadata.title == "Foxes"
    assert quoted(parsed) == [("cell 1", FOX), ("cell 2", DOG), ("cell 3: Dogs", DOG)]
    assert "secret" not in parsed.text


def test_the_title_and_the_authors_that_it_declares() -> None:
    parsed = notebook(markdown(FOX), title="Animals", authors=[{"name": "Ann"}, {"name": "Bo"}])
    assert (parsed.metadata.title, parsed.metadata.author) == ("Animals", "Ann, Bo")


def test_a_table_is_read_once_row_by_row() -> None:
    html = "<table><tr><td>Fox</td><td>14</td></tr><tr><td>Dog</td><td>3</td></tr></table>"
    parsed = notebook(code(shown(text_html=html, text_plain="0 Fox 14\n1 Dog 3")))
    assert [text for _, text in quoted(parsed)] == ["Fox | 14", "Dog | 3"]


@pytest.mark.parametrize(
    "output",
    [
        shown(image_png="iVBOR", text_plain="<Figure size 640x480 with 1 Axes>"),
        shown(text_plain="<matplotlib.axes._subplots.AxesSubplot at 0x7f2>"),
        {"output_type": "error", "ename": "NameError", "traceback": ["Traceback"]},
    ],
)
def test_pictures_and_errors_are_no_text(output: dict[str, object]) -> None:
    assert notebook(markdown(FOX), code(output)).text == FOX


def test_colours_of_the_terminal_go() -> None:
    assert quoted(notebook(code(printed(f"\x1b[31m{FOX}\x1b[0m")))) == [("cell 1", FOX)]


def test_the_older_format() -> None:
    cells = [
        {"cell_type": "heading", "level": 1, "source": ["Foxes"]},
        {"cell_type": "code", "input": "x", "outputs": [{"output_type": "pyout", "text": [FOX]}]},
    ]
    made = {"nbformat": 3, "worksheets": [{"cells": cells}], "metadata": {"name": ""}}
    parsed = parse("a.ipynb", json.dumps(made).encode())
    assert parsed.metadata.title == "Foxes"
    assert quoted(parsed) == [("cell 2", FOX)]


@pytest.mark.parametrize("data", [b"[1]", b"{", b'{"cells": 3}', b"[" * 100_000])
def test_anything_else_is_one_line(data: bytes) -> None:
    with pytest.raises(DocumentError, match="not a notebook"):
        parse("a.ipynb", data)
