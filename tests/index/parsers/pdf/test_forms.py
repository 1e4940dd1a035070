"""Values of form fields are read where they stand."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from index.parsers import parse
from tests.support.drawing import make, put, quotable


def test_what_is_typed_chosen_and_ticked() -> None:
    def draw(canvas: Canvas) -> None:
        put(
            canvas,
            ["Name of the applicant:", "", "District:", "", "Has a boat", "", "Is a member"],
            72,
            700,
        )
        form = canvas.acroForm
        form.textfield(name="a", x=200, y=695, width=200, height=16, value="Anna Berg of Rosten")
        form.choice(name="b", x=200, y=671, width=99, height=16, value="North", options=["North"])
        form.checkbox(name="c", x=200, y=647, size=14, checked=True)
        form.checkbox(name="d", x=200, y=623, size=14, checked=False)

    assert quotable(parse("a.pdf", make(draw))) == [
        "Name of the applicant: | Anna Berg of Rosten",
        "District: | North",
        "Has a boat | ☒",
        "Is a member | ☐",
    ]


def test_empty_fields_and_passwords_are_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, ["A sentence stands on the page."], 72, 700)
        canvas.acroForm.textfield(name="a", x=72, y=600, value="")
        canvas.acroForm.textfield(name="b", x=72, y=500, value="secret", fieldFlags="password")

    assert quotable(parse("a.pdf", make(draw))) == ["A sentence stands on the page."]
