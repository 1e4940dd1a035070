"""Telegram's HTML parse mode: what it accepts, and the words it refuses with."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from .entities import Entity
from .errors import ApiError, bad_request

TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
TAGS = {*TYPES, "a", "pre", "code", "blockquote", "tg-emoji"}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
SPACE = " \t\r\n\v\0"
END = "\0"


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return the text without its tags and its entities, before any trimming.

    Raises:
        ApiError: the markup is one that Telegram refuses.
    """
    return Parser(source).parse()


def checked_url(url: str) -> str | None:
    """Return the URL in the form Telegram keeps, or None for one it would not open."""
    url = url.strip()
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        return None
    if parts.scheme in {"tg", "ton"}:
        return url
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or "." not in host.strip(".") or " " in url:
        return None
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.scheme}://{parts.netloc}{path}{query}{fragment}"


@dataclass(slots=True)
class OpenTag:
    name: str
    argument: str
    offset: int
    text_start: int


class Parser:
    """One pass over the source; `source` ends with a NUL so that looking ahead is safe."""

    def __init__(self, source: str) -> None:
        self.source = source.replace(END, " ") + END
        self.position = 0
        self.text: list[str] = []
        self.offset = 0
        self.stack: list[OpenTag] = []
        self.entities: list[Entity] = []
        self.code_languages: dict[int, str] = {}

    def parse(self) -> tuple[str, list[Entity]]:
        while (character := self.source[self.position]) != END:
            if character == "<":
                self.read_tag()
            elif character == "&" and (decoded := self.read_character_reference()):
                self.append(decoded)
            else:
                self.append(character)
                self.position += 1
        if self.stack:
            name = self.stack[-1].name
            raise self.refuse(f'Can\'t find end tag corresponding to start tag "{name}"')
        return "".join(self.text), self.entities

    def refuse(self, reason: str, position: int | None = None) -> ApiError:
        if position is not None:
            reason += f" at byte offset {len(self.source[:position].encode())}"
        return bad_request(f"can't parse entities: {reason}")

    def append(self, character: str) -> None:
        self.text.append(character)
        self.offset += 1 + (character > "\uffff")

    def skip(self, stop: str) -> str:
        """Return what lies before the next character of `stop` or the end of the source."""
        start = self.position
        while self.source[self.position] not in stop + END:
            self.position += 1
        return self.source[start : self.position]

    def skip_space(self) -> None:
        while self.source[self.position] in SPACE and self.source[self.position] != END:
            self.position += 1

    def read_character_reference(self) -> str | None:
        """Return the character and step over it; None leaves a bare "&" where it is."""
        start = self.position + 1
        end = start
        if self.source[start] == "#":
            base, digits = 10, "0123456789"
            end += 1
            if self.source[end] == "x":
                base, digits = 16, "0123456789abcdefABCDEF"
                end += 1
            first = end
            while self.source[end] in digits:
                end += 1
            code = int(self.source[first:end] or "0", base)
            if code == 0 or code >= 0x10FFFF or end - self.position >= 10:
                return None
            if 0xD800 <= code <= 0xDFFF:
                raise bad_request(
                    "text contains invalid Unicode characters after decoding HTML entities,"
                    " check for unmatched surrogate code units"
                )
            decoded = chr(code)
        else:
            while self.source[end].isascii() and self.source[end].isalpha():
                end += 1
            if self.source[start:end] not in NAMED:
                return None
            decoded = NAMED[self.source[start:end]]
        self.position = end + (self.source[end] == ";")
        return decoded

    def read_tag(self) -> None:
        start = self.position
        self.position += 1
        if self.source[self.position] == "/":
            self.position += 1
            self.read_end_tag(start)
        else:
            self.read_start_tag(start)

    def read_start_tag(self, start: int) -> None:
        name = self.skip(SPACE + ">").lower()
        if self.source[self.position] == END:
            raise self.refuse("Unclosed start tag", start)
        if name not in TAGS:
            raise self.refuse(f'Unsupported start tag "{name}"', start)
        argument = ""
        self.skip_space()
        while self.source[self.position] != ">":
            argument = self.read_attribute(name, start) or argument
            self.skip_space()
        self.position += 1
        if name == "span" and argument != "spoiler":
            raise self.refuse('Tag "span" must have class "tg-spoiler"', start)
        if name == "blockquote" and any(tag.name == name for tag in self.stack):
            # Telegram drops one of the two quotes without a word: here it is an error.
            raise self.refuse("Nested blockquote", start)
        self.stack.append(OpenTag(name, argument, self.offset, len(self.text)))

    def read_attribute(self, tag: str, start: int) -> str | None:
        """Return the argument that the attribute gives to its tag, if it gives one."""
        name = self.skip(SPACE + "=>")
        if not name:
            if self.source[self.position] == END:
                raise self.refuse("Unclosed start tag", start)
            raise self.refuse(f'Empty attribute name in the tag "{tag}"', start)
        self.skip_space()
        if self.source[self.position] != "=":
            if self.source[self.position] == END:
                raise self.refuse(f'Unclosed start tag "{tag}"', start)
            if (tag, name) == ("blockquote", "expandable"):
                return "expandable"
            reason = f'Expected equal sign in declaration of an attribute of the tag "{tag}"'
            raise self.refuse(reason, start)
        self.position += 1
        self.skip_space()
        value = self.read_value()
        if self.source[self.position] == END:
            raise self.refuse("Unclosed start tag", start)
        if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id")}:
            return value
        if (tag, name) == ("code", "class") and value.startswith("language-"):
            return value.removeprefix("language-")
        if (tag, name) == ("span", "class") and value.startswith("tg-"):
            return value.removeprefix("tg-")
        return "expandable" if (tag, name) == ("blockquote", "expandable") else None

    def read_value(self) -> str:
        quote = self.source[self.position]
        start = self.position
        if quote not in "\"'":
            while (c := self.source[self.position]).isascii() and (c.isalnum() or c in ".-"):
                self.position += 1
            if self.source[self.position] not in SPACE + ">":
                raise self.refuse("Unexpected end of name token", start)
            return self.source[start : self.position].lower()
        self.position += 1
        value: list[str] = []
        while (character := self.source[self.position]) not in (quote, END):
            if character == "&" and (decoded := self.read_character_reference()):
                value.append(decoded)
            else:
                value.append(character)
                self.position += 1
        if self.source[self.position] == quote:
            self.position += 1
        return "".join(value)

    def read_end_tag(self, start: int) -> None:
        if not self.stack:
            raise self.refuse("Unexpected end tag", start)
        name = self.skip(SPACE + ">").lower()
        self.skip_space()
        if self.source[self.position] != ">":
            raise self.refuse("Unclosed end tag", start)
        self.position += 1
        tag = self.stack.pop()
        if name and name != tag.name:
            reason = f"Unmatched end tag at byte offset {len(self.source[:start].encode())}"
            raise self.refuse(f'{reason}, expected "</{tag.name}>", found "</{name}>"')
        if self.offset > tag.offset:
            self.close(tag)

    def close(self, tag: OpenTag) -> None:
        length = self.offset - tag.offset
        if tag.name in TYPES:
            self.entities.append(Entity(TYPES[tag.name], tag.offset, length))
        elif tag.name == "blockquote":
            kind = "expandable_blockquote" if tag.argument else "blockquote"
            self.entities.append(Entity(kind, tag.offset, length))
        elif tag.name == "tg-emoji":
            if not tag.argument.isdecimal() or int(tag.argument) == 0:
                raise bad_request("invalid custom emoji identifier specified")
            emoji = Entity("custom_emoji", tag.offset, length, custom_emoji_id=tag.argument)
            self.entities.append(emoji)
        elif tag.name == "a":
            self.close_link(tag, length)
        else:
            self.close_monospace(tag, length)

    def close_link(self, tag: OpenTag, length: int) -> None:
        target = tag.argument or "".join(self.text[tag.text_start :])
        prefix, _, user_id = target.partition("tg://user?id=")
        if not prefix and user_id.isdecimal():
            mention = Entity("text_mention", tag.offset, length, user_id=int(user_id))
            self.entities.append(mention)
        elif url := checked_url(target):
            self.entities.append(Entity("text_link", tag.offset, length, url=url))

    def close_monospace(self, tag: OpenTag, length: int) -> None:
        """Join <pre><code class="language-x"> into one entity."""
        entity = Entity(tag.name, tag.offset, length)
        last = self.entities[-1] if self.entities else None
        same = last is not None and (last.offset, last.length) == (tag.offset, length)
        if tag.name == "code":
            self.code_languages[tag.offset] = tag.argument
        elif same and last is not None and last.type == "code":
            self.entities.pop()
            language = self.code_languages.get(tag.offset) or None
            entity = Entity("pre", tag.offset, length, language=language)
        self.entities.append(entity)
