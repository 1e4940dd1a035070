"""PDFs that no canvas draws: fonts without a map, embedded files, forms of Adobe Reader."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pypdfium2 as pdfium
from pypdfium2 import raw


def without_map(text: str) -> bytes:
    """A PDF with a font whose glyphs are numbered as they come and have no names of letters."""
    codes = {char: 33 + at for at, char in enumerate(dict.fromkeys(text))}
    names = " ".join(f"/g{code}" for code in codes.values())
    shown = "".join(f"{codes[char]:02X}" for char in text)
    content = f"BT /F1 10 Tf 50 700 Td <{shown}> Tj ET"
    return assemble(
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 800]/Contents 4 0 R"
        "/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/AAAAAA+Own/FirstChar 33"
        f"/LastChar {32 + len(codes)}/Widths[{'600 ' * len(codes)}]/FontDescriptor 6 0 R"
        f"/Encoding<</Type/Encoding/Differences[33 {names}]>>>>",
        "<</Type/FontDescriptor/FontName/AAAAAA+Own/Flags 4/FontBBox[0 -200 1000 900]"
        "/ItalicAngle 0/Ascent 900/Descent -200/CapHeight 700/StemV 80>>",
    )


def placeholder(text: str) -> bytes:
    """A PDF with a form that only Adobe Reader shows (XFA), and a page for all others."""
    content = f"BT /F1 10 Tf 50 700 Td ({text}) Tj ET"
    xfa = "<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'></xdp:xdp>"
    return assemble(
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[]/XFA 6 0 R>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 800]/Contents 4 0 R"
        "/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Length {len(xfa)}>>stream\n{xfa}\nendstream",
    )


def assemble(*objects: str) -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is its catalog."""
    data = b"%PDF-1.7\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>"
    return data + f"{tail}\nstartxref\n{len(data)}\n%%EOF".encode()


def embed(data: bytes, files: Mapping[str, bytes]) -> bytes:
    """Return a PDF with these files inside it."""
    document = pdfium.PdfDocument(data)
    for name, content in files.items():
        document.new_attachment(name).set_data(content)
    saved = io.BytesIO()
    document.save(saved, flags=raw.FPDF_NO_INCREMENTAL)
    return saved.getvalue()


def join(*files: bytes) -> bytes:
    """Return the pages of PDFs as one."""
    whole = pdfium.PdfDocument.new()
    for data in files:
        whole.import_pages(pdfium.PdfDocument(data))
    saved = io.BytesIO()
    whole.save(saved)
    return saved.getvalue()
