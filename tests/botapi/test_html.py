"""HTML becomes text and entities, or is refused, as Telegram does it."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.botapi import ApiError, Entity, parse_html, utf16_len
from tests.botapi.entities import normalize
from tests.botapi.messages import read_formatted

ROCKET = "\N{ROCKET}"


def shape(entities: list[Entity]) -> list[tuple[str, int, int]]:
    return [(entity.type, entity.offset, entity.length) for entity in entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>a</b> <STRONG>b</STRONG>", "a b", [("bold", 0, 1), ("bold", 2, 1)]),
        ("<i>a</i><em>b</em>", "ab", [("italic", 0, 2)]),
        ("<u>a</u> <ins>b</ins>", "a b", [("underline", 0, 1), ("underline", 2, 1)]),
        ("<s>a</s> <del>b</del>", "a b", [("strikethrough", 0, 1), ("strikethrough", 2, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
        ("<code>a</code>", "a", [("code", 0, 1)]),
        ("<pre>a</pre>", "a", [("pre", 0, 1)]),
        ('<pre><code class="language-c">a</code></pre>', "a", [("pre", 0, 1)]),
        ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        (
            "<blockquote>one <b>two</b></blockquote>\nthree",
            "one two\nthree",
            [("blockquote", 0, 7), ("bold", 4, 3)],
        ),
        ('<tg-emoji emoji-id="53">x</tg-emoji>', "x", [("custom_emoji", 0, 1)]),
        (f"{ROCKET}<b>{ROCKET}</b>", ROCKET * 2, [("bold", 2, 2)]),
        ("&lt;b&gt; &amp;&quot;", '<b> &"', []),
        ("AT&T &nbsp; &copy; &", "AT&T &nbsp; &copy; &", []),
        ("&#39;&#x1F680;", f"'{ROCKET}", []),
        ("&lt3", "<3", []),
        ("  <b> a </b>\n", "a", [("bold", 0, 1)]),
        ("<b> </b>a", "a", []),
        ("<b></b>a", "a", []),
        ("<b>a</>", "a", [("bold", 0, 1)]),
        ("a\tb\r\nc", "a b\nc", []),
        ("a\u2028b\u202ec<b>d</b>", "abcd", [("bold", 3, 1)]),
        ("<b>x <code>y</code></b>", "x y", [("bold", 0, 2), ("code", 2, 1)]),
        (
            "<b>x <blockquote>y</blockquote></b>",
            "x y",
            [("bold", 0, 2), ("blockquote", 2, 1), ("bold", 2, 1)],
        ),
        (
            "/start@bot_name @ann",
            "/start@bot_name @ann",
            [("bot_command", 0, 15), ("mention", 16, 4)],
        ),
    ],
)
def test_html_is_read(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    read, found = read_formatted(source, "HTML", None)
    assert read == text
    assert shape(found) == entities


def test_links_keep_their_address() -> None:
    source = '<a href="https://example.com/?a=1&amp;b=2">a</a> <a href="localhost">b</a>'
    text, (link,) = read_formatted(source, "HTML", None)
    assert (text, link.url, link.length) == ("a b", "https://example.com/?a=1&b=2", 1)


def test_code_keeps_its_language() -> None:
    _, (pre,) = read_formatted('<pre><code class="language-c">a</code></pre>', "HTML", None)
    assert pre.language == "c"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("text <p>", 'Unsupported start tag "p" at byte offset 5'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("é<br/>", 'Unsupported start tag "br/" at byte offset 2'),
        ("<!-- a -->", 'Unsupported start tag "!--" at byte offset 0'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>", 'at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<b class>a</b>", "Expected equal sign in declaration of an attribute"),
        ("<b =1>a</b>", 'Empty attribute name in the tag "b"'),
        ("<a href=x/y>a</a>", "Unexpected end of name token at byte offset 8"),
        ('<a href="x>a</a>', "Unclosed start tag at byte offset 0"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler"'),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "Nested blockquote"),
    ],
)
def test_broken_html_is_refused(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_html(source)
    assert refusal.value.description.startswith("Bad Request: can't parse entities: ")
    assert reason in refusal.value.description


@given(st.text("ab \n\t\r<>&;/\u2028" + ROCKET + "é", max_size=30))
def test_escaped_text_comes_back(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    read, entities = read_formatted(f"<blockquote>{escaped}</blockquote>", "HTML", None)
    assert read == normalize(text, [])[0]
    assert "".join(entity.cut(read) for entity in entities if entity.type == "blockquote") == read


@given(
    st.text("ab \n" + ROCKET, min_size=12, max_size=12),
    st.lists(
        st.tuples(
            st.sampled_from(["bold", "italic", "blockquote", "code", "text_link"]),
            st.integers(0, 11),
            st.integers(1, 12),
        )
    ),
)
def test_stored_entities_never_cross(text: str, ranges: list[tuple[str, int, int]]) -> None:
    given_entities = [
        Entity(kind, utf16_len(text[:start]), utf16_len(text[start : start + count]))
        for kind, start, count in ranges
    ]
    stored, entities = normalize(text, given_entities)
    for entity in entities:
        assert 0 <= entity.offset < entity.end <= utf16_len(stored)
        assert utf16_len(entity.cut(stored)) == entity.length
    for first, second in combinations(entities, 2):
        assert not first.crosses(second) or first.covers(second) or second.covers(first)
        assert first.type != second.type or not first.crosses(second)
