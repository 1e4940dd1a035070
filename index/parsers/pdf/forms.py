"""Values that were typed or chosen in the form fields of a PDF."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator

import pypdfium2 as pdfium
from pypdfium2 import raw

from index.parsers.pdf.fragments import Fragment, upright_map

_MAX_FIELDS = 2000
_MAX_BYTES = 40_000
_LINE = 12.0
_TEXT_SHARE = 0.8
_TYPED = {
    raw.FPDF_FORMFIELD_TEXTFIELD,
    raw.FPDF_FORMFIELD_COMBOBOX,
    raw.FPDF_FORMFIELD_LISTBOX,
}
_TICKED = {raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON}
_HIDDEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW


def read_fields(form: pdfium.PdfFormEnv, page: pdfium.PdfPage) -> Iterator[Fragment]:
    """Yield what the fields of a page show, each where its field stands; empty ones are left out.

    A ticked box reads as ☒, an empty one as ☐. Hidden fields and passwords are left out.
    """
    upright = upright_map(page, page.get_rotation())
    count = min(raw.FPDFPage_GetAnnotCount(page.raw), _MAX_FIELDS)
    for at in range(count):
        annotation = raw.FPDFPage_GetAnnot(page.raw, at)
        if not annotation:
            continue
        try:
            if text := _value(form, annotation):
                yield from _fragments(text, annotation, upright)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _value(form: pdfium.PdfFormEnv, annotation: raw.FPDF_ANNOTATION) -> str:
    if raw.FPDFAnnot_GetSubtype(annotation) != raw.FPDF_ANNOT_WIDGET:
        return ""
    if raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
        return ""
    kind = raw.FPDFAnnot_GetFormFieldType(form.raw, annotation)
    if kind in _TICKED:
        return "☒" if raw.FPDFAnnot_IsChecked(form.raw, annotation) else "☐"
    if kind not in _TYPED:
        return ""
    flags = raw.FPDFAnnot_GetFormFieldFlags(form.raw, annotation)
    return "" if flags & raw.FPDF_FORMFLAG_TEXT_PASSWORD else _text(form, annotation)


def _text(form: pdfium.PdfFormEnv, annotation: raw.FPDF_ANNOTATION) -> str:
    size = min(raw.FPDFAnnot_GetFormFieldValue(form.raw, annotation, None, 0), _MAX_BYTES)
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFAnnot_GetFormFieldValue(form.raw, annotation, buffer, size)
    return bytes(buffer).decode("utf-16-le", "ignore").rstrip("\0").strip()


def _fragments(
    text: str,
    annotation: raw.FPDF_ANNOTATION,
    upright: Callable[[tuple[float, float, float, float]], tuple[float, float, float, float]],
) -> Iterator[Fragment]:
    rect = raw.FS_RECTF()
    if not raw.FPDFAnnot_GetRect(annotation, ctypes.byref(rect)):
        return
    left, bottom, right, top = upright((rect.left, rect.bottom, rect.right, rect.top))
    lines = text.splitlines()
    pitch = min((top - bottom) / len(lines), _LINE)
    if len(lines) == 1:
        top = (top + bottom + pitch) / 2
    for at, line in enumerate(lines):
        upper = top - at * pitch
        if line.strip():
            size = _TEXT_SHARE * pitch
            yield Fragment(line, left, upper - pitch, right, upper, size, is_row=True)
