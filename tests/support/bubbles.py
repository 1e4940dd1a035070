"""Draws messages in the look of Telegram as an SVG: text with its styles, quotes and buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from string import Template
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfmetrics import stringWidth

WIDTH, MARGIN, HEADER = 560, 16, 56
BUBBLE, PADDING, BAR = 486, 12, 3
SIZE, LEADING = 15, 21
BUTTON, GAP = 36, 5
FONTS = {"": "Helvetica", "bold": "Helvetica-Bold", "code": "Courier"}
SIZES = {"code": 13.5}

SVG = Template("""\
<svg xmlns="http://www.w3.org/2000/svg" width="$width" height="$height" \
viewBox="0 0 $width $height" role="img" xml:space="preserve">
  <title>$title</title>
  <style>
    text { font: 15px "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif;
           fill: #0f1419; white-space: pre }
    .bold { font-weight: 700 }
    .code { font: 13.5px ui-monospace, Menlo, Consolas, "Liberation Mono", monospace;
            fill: #2670ab }
    .small { font-size: 12px; fill: #7d8891 }
    .button { font-size: 14px; font-weight: 500; fill: #fff; text-anchor: middle }
    .name { font-weight: 700; fill: #fff }
    .status { font-size: 12.5px; fill: #d5e6f3 }
  </style>
  <linearGradient id="wallpaper" x1="0" y1="0" x2="1" y2="1">
    <stop stop-color="#c9dcb4"/>
    <stop offset="1" stop-color="#86b89a"/>
  </linearGradient>
  <clipPath id="frame"><rect width="$width" height="$height" rx="14"/></clipPath>
  <g clip-path="url(#frame)">
  <rect width="$width" height="$height" fill="url(#wallpaper)"/>
  <rect width="$width" height="$header" fill="#3f7cae"/>
$parts
  </g>
</svg>
""")
QUOTE_MARK = (
    "m0 8v-3.2c0-2.6 1.3-4.3 3.7-4.8l.4 1.1c-1.3.5-1.9 1.4-2 2.6h1.7v4.3z"
    "m5.4 0v-3.2c0-2.6 1.3-4.3 3.7-4.8l.4 1.1c-1.3.5-1.9 1.4-2 2.6h1.7v4.3z"
)


class Turn(NamedTuple):
    """What a person sends, and the messages that the bot replies, as the Bot API shows them."""

    text: str
    replies: Sequence[dict[str, Any]]
    file: str = ""


class Block(NamedTuple):
    """A quote, or a line of the message that is none, with the style of each character."""

    text: str
    styles: Sequence[str]
    is_quote: bool


def blocks_of(message: dict[str, Any]) -> Iterator[Block]:
    """Yield the quotes and the lines of a message, without the empty ones."""
    text = message["text"]
    styles, quoted = [""] * len(text), [False] * len(text)
    for entity in message.get("entities", []):
        start = code_points(text, entity["offset"])
        end = code_points(text, entity["offset"] + entity["length"])
        if entity["type"] == "blockquote":
            quoted[start:end] = [True] * (end - start)
        elif entity["type"] in FONTS:
            styles[start:end] = [entity["type"]] * (end - start)
    for is_quote, run in groupby(range(len(text)), quoted.__getitem__):
        places = list(run)
        start, end = places[0], places[-1] + 1
        if is_quote:
            yield Block(text[start:end], styles[start:end], is_quote)
            continue
        for line in re.finditer(r".+", text[start:end]):
            first, last = start + line.start(), start + line.end()
            yield Block(text[first:last], styles[first:last], is_quote)


def code_points(text: str, units: int) -> int:
    """Return how many characters the first UTF-16 units of a text are."""
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le"))


class Run(NamedTuple):
    """Characters of one style on one line."""

    text: str
    style: str
    width: float


def wrap(block: Block, width: float) -> Iterator[list[Run]]:
    """Yield the lines of a block, broken at spaces, none of them wider than `width`."""
    start = end = 0
    for word in re.finditer(r"\S+", block.text):
        if start < end and measure(runs_of(block, start, word.end())) > width:
            yield runs_of(block, start, end)
            start = word.start()
        end = word.end()
    yield runs_of(block, start, end)


def runs_of(block: Block, start: int, end: int) -> list[Run]:
    """Return the runs of a part of a block."""
    runs = []
    for style, places in groupby(range(start, end), block.styles.__getitem__):
        text = "".join(block.text[at] for at in places)
        runs.append(Run(text, style, stringWidth(text, FONTS[style], SIZES.get(style, SIZE))))
    return runs


def measure(runs: Sequence[Run]) -> float:
    return sum(run.width for run in runs)


class Drawing:
    """An SVG that grows downwards."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y = HEADER + MARGIN

    def add(self, part: str) -> None:
        self.parts.append(f"  {part}")

    def box(self, x: float, width: float, height: float, fill: str, radius: float = 12) -> None:
        self.add(
            f'<rect x="{x:g}" y="{self.y:g}" width="{width:g}" height="{height:g}" '
            f'rx="{radius:g}" {fill}/>'
        )

    def line(self, x: float, y: float, runs: Sequence[Run]) -> None:
        """Write runs beside each other; `textLength` keeps them in place in any font."""
        for run in runs:
            style = f' class="{run.style}"' if run.style else ""
            self.add(
                f'<text{style} x="{x:.1f}" y="{y:g}" textLength="{run.width:.1f}" '
                f'lengthAdjust="spacingAndGlyphs">{escape(run.text)}</text>'
            )
            x += run.width

    def svg(self, title: str) -> str:
        return SVG.substitute(
            title=escape(title),
            width=WIDTH,
            height=f"{self.y + MARGIN - GAP:g}",
            header=HEADER,
            parts="\n".join(self.parts),
        )


def draw(title: str, turns: Sequence[Turn]) -> str:
    """Return the picture of a conversation."""
    drawing = Drawing()
    draw_header(drawing)
    for turn in turns:
        draw_sent(drawing, turn)
        for message in turn.replies:
            draw_message(drawing, list(blocks_of(message)))
            for row in (message.get("reply_markup") or {}).get("inline_keyboard", []):
                draw_buttons(drawing, [button["text"] for button in row])
            drawing.y += GAP
    return drawing.svg(title)


def draw_header(drawing: Drawing) -> None:
    drawing.add('<circle cx="38" cy="28" r="19" fill="#fff" fill-opacity=".95"/>')
    drawing.add(f'<path transform="translate(28 19) scale(2)" fill="#3f7cae" d="{QUOTE_MARK}"/>')
    drawing.add('<text class="name" x="70" y="25">Onrecord</text>')
    drawing.add('<text class="status" x="70" y="42">bot</text>')


def draw_sent(drawing: Drawing, turn: Turn) -> None:
    """Draw what a person sent: a text, or a file with the text below it."""
    lines = list(wrap(Block(turn.text, [""] * len(turn.text), False), BUBBLE - 2 * PADDING - 62))
    name = runs_of(Block(turn.file, [""] * len(turn.file), False), 0, len(turn.file))
    above = 52 if turn.file else 0
    height = above + 15 + LEADING * len(lines)
    width = max(*map(measure, lines), measure(name) - 14) + 2 * PADDING + 62
    x, end = WIDTH - MARGIN - width, WIDTH - MARGIN - PADDING
    drawing.box(x, width, height, 'fill="#e6fbd3"')
    if turn.file:
        drawing.add(f'<circle cx="{x + 32:g}" cy="{drawing.y + 32:g}" r="20" fill="#63b75d"/>')
        page = f"m{x + 26:g} {drawing.y + 23:g}h8l5 5v13h-13z"
        drawing.add(f'<path fill="#fff" d="{page}"/>')
        drawing.line(x + 62, drawing.y + 37, name)
    for number, runs in enumerate(lines):
        drawing.line(x + PADDING, drawing.y + above + 23 + number * LEADING, runs)
    y = drawing.y + height - 10
    drawing.add(f'<text class="small" x="{end - 54:g}" y="{y:g}">10:24</text>')
    drawing.add(
        f'<path d="m{end - 19:g} {y - 4:g} 4 4 8-9m-3 8 1 1 8-9" fill="none" '
        'stroke="#4fae4e" stroke-width="1.5"/>'
    )
    drawing.y += height + 10


def draw_message(drawing: Drawing, blocks: Sequence[Block]) -> None:
    """Draw the bubble behind what is drawn into it."""
    text, top, drawing.parts = drawing.parts, drawing.y, []
    x, inner = MARGIN + PADDING, BUBBLE - 2 * PADDING
    drawing.y += PADDING - 2
    for block in blocks:
        draw = draw_quote if block.is_quote else draw_line
        draw(drawing, block, x, inner)
    end = MARGIN + BUBBLE - PADDING
    drawing.add(
        f'<text class="small" x="{end:g}" y="{drawing.y + 1:g}" text-anchor="end">10:24</text>'
    )
    drawing.y += 10
    content, bottom, drawing.parts = drawing.parts, drawing.y, text
    drawing.y = top
    drawing.box(MARGIN, BUBBLE, bottom - top, 'fill="#fff"')
    drawing.parts += content
    drawing.y = bottom + GAP


def draw_quote(drawing: Drawing, block: Block, x: float, width: float) -> None:
    lines = list(wrap(block, width - BAR - 2 * 10 - 14))
    height = len(lines) * LEADING + 9
    drawing.add('<g class="quote">')
    drawing.box(x, width, height, 'fill="#e8f2fa"', 5)
    drawing.box(x, BAR, height, 'fill="#3f8fd0"', 1.5)
    mark = f'transform="translate({x + width - 17:g} {drawing.y + 7:g})"'
    drawing.add(f'<path {mark} fill="#3f8fd0" d="{QUOTE_MARK}"/>')
    for number, runs in enumerate(lines):
        drawing.line(x + BAR + 10, drawing.y + 20 + number * LEADING, runs)
    drawing.add("</g>")
    drawing.y += height + 4


def draw_line(drawing: Drawing, block: Block, x: float, width: float) -> None:
    for runs in wrap(block, width):
        drawing.line(x, drawing.y + 16, runs)
        drawing.y += LEADING
    drawing.y += 12


def draw_buttons(drawing: Drawing, labels: Sequence[str]) -> None:
    width = (BUBBLE - GAP * (len(labels) - 1)) / len(labels)
    for number, label in enumerate(labels):
        x = MARGIN + number * (width + GAP)
        drawing.box(x, width, BUTTON, 'fill="#2f5d46" fill-opacity=".62"', 8)
        drawing.add(
            f'<text class="button" x="{x + width / 2:g}" y="{drawing.y + 23:g}">'
            f"{escape(label)}</text>"
        )
    drawing.y += BUTTON + GAP
