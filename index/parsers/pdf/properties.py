"""Title, author, day and language that a PDF states, without the names of tools."""

from __future__ import annotations

import ctypes
import re
from pathlib import PurePath

import pypdfium2 as pdfium
from pypdfium2 import raw

from index.core.documents import Metadata
from index.parsers.toolkit.builder import one_line
from index.parsers.toolkit.metadata import is_language, read_date

_JUNK_TITLE = re.compile(
    r"microsoft \w+ - .*|adobe \w+.*|.*\[compatibility mode\]|about:blank|(?:https?|file):\S*"
    r"|\(?(?:untitled|sin título|sans titre|ohne (?:titel|namen)|senza titolo"
    r"|без (?:названия|имени)|sem título|naamloos|unbenannt|無題|无标题|제목 없음).*"
    r"|\(?(?:anonymous|unspecified|unknown|none|null|n/a|default|template|blank|test|print|fax)\)?"
    r"|(?:new |my )?(?:document|dokument|documento|documents?|presentation|präsentation|book|file"
    r"|draft|scan|scanned (?:document|image)|image|img|page|report)[ _-]?\d*"
    r"|powerpoint[ -]\w+|présentation powerpoint|presentación de powerpoint|презентация powerpoint"
    r"|(?:slide|layout|folie|diapositiva|diapositive) \d+|title|titel|titre|full page fax print"
    r"|latex(?: with .*| document)?|tex output .*|(?:scan|img|doc)[\d _.-]+|[\W\d_]*"
    r"|.*\.(?:docx?|dotx?|pptx?|xlsx?|pdf|odt|ods|odp|rtf|txt|tex|dvi|ps|eps|ai|cdr|indd|qx[dp]|pm[56d]"
    r"|pub|p65|fm|wpd|html?|jpe?g|png|tiff?|tmp|key|pages)",
    re.IGNORECASE,
)
_JUNK_AUTHOR = re.compile(
    r"\(?(?:anonymous|unspecified|unknown|none|default)\)?|user|admin\w*|owner|author|\W*",
    re.IGNORECASE,
)
# Browsers and scanners, which make a PDF of something older.
_COPIERS = re.compile(
    r"skia/pdf(?!.*google docs)|mozilla|chrom(?:e|ium)\b|firefox|safari|wkhtmltopdf"
    r"|ocrmypdf|paper capture|abbyy|finereader|\bscan",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")


def read_properties(name: str, document: pdfium.PdfDocument) -> Metadata:
    """Return what the document says of itself; the day of a copy is not that of its text."""
    info = document.get_metadata_dict(skip_empty=True)
    title, author = one_line(info.get("Title")), one_line(info.get("Author"))
    if title and (_JUNK_TITLE.fullmatch(title) or title == PurePath(name).stem):
        title = None
    if author and _JUNK_AUTHOR.fullmatch(author):
        author = None
    day = _DAY.match(info.get("CreationDate", "").strip())
    is_copy = _COPIERS.search(f"{info.get('Creator', '')}\n{info.get('Producer', '')}")
    published = read_date("-".join(day.groups())) if day and not is_copy else None
    metadata = Metadata(title, published, author, language=_language(document))
    return metadata.read_in("PDF metadata")


def _language(document: pdfium.PdfDocument) -> str | None:
    size = raw.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = (ctypes.c_ushort * (size // 2))()
    raw.FPDFCatalog_GetLanguage(document, buffer, size)
    tag = bytes(buffer).decode("utf-16-le", "ignore").rstrip("\0").strip()
    return tag if is_language(tag) else None
