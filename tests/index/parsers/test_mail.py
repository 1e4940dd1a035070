"""Mail: the words of the sender, and nobody else's."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.core.documents import Parsed
from index.core.errors import DocumentError
from index.parsers import parse
from tests.support.containers import check, quotable, speakers

HEAD = "From: Ann Lee <ann@a.example>\nSubject: =?utf-8?q?Caf=C3=A9?=\nDate: {}\n".format(
    "Sat, 10 Jul 2021 23:05:09 -0700"
)


def mail(body: str, head: str = "Content-Type: text/plain; charset=utf-8\n") -> Parsed:
    return check(parse("a.eml", f"{HEAD}{head}\n{body}".encode()))


def html(body: str) -> list[str]:
    return quotable(mail(body, "Content-Type: text/html; charset=utf-8\n"))


class TestHeaders:
    def test_sender_subject_and_day(self) -> None:
        parsed = mail("It is.")
        assert parsed.metadata.title == "Café"
        assert parsed.metadata.author == "Ann Lee"
        assert parsed.metadata.published == date(2021, 7, 10)
        assert parsed.entries[0].published == date(2021, 7, 10)
        assert parsed.entries[0].time == time(23, 5, 9)
        assert speakers(parsed) == ["Ann Lee"]
        assert parsed.text == "Ann Lee\n\nIt is."

    @pytest.mark.parametrize(
        ("head", "sender"),
        [
            ("From: ann@a.example", "ann@a.example"),
            ("Subject: x", None),
            ("From: <>\nSubject: x", None),
        ],
    )
    def test_senders_without_a_name(self, head: str, sender: str | None) -> None:
        assert speakers(check(parse("a.eml", f"{head}\n\nIt is.".encode()))) == [sender]

    @pytest.mark.parametrize(
        "day",
        [
            "",
            "soon",
            "Sat, 99 Jul 2021",
            "=?utf-8?q?=00?=",
            f"Sat, 10 Jul 2021 12:0:{'9' * 30}",
        ],
    )
    def test_a_date_that_is_none(self, day: str) -> None:
        parsed = parse("a.eml", f"From: a@b.c\nDate: {day}\n\nIt is.".encode())
        assert parsed.metadata.published is None


class TestQuoted:
    def test_replies_are_in_the_text_but_not_quoted(self) -> None:
        parsed = mail(
            "Yes, at noon.\n\nOn Fri, 9 Jul 2021 at 10:00, Bob\n<bob@b.example> wrote:\n"
            "> When do we meet?\n>> Tell me.\n\nSee you.\n-- \nAnn Lee\nA House\n"
        )
        assert quotable(parsed) == ["Yes, at noon.", "See you."]
        assert "When do we meet?" in parsed.text
        assert "A House" in parsed.text

    @pytest.mark.parametrize(
        "older",
        [
            "On Fri, 9 Jul 2021 at 10:00, Bob <b@b.example> wrote:\n\nWhen?",
            "Am 09.07.2021 um 10:00 schrieb Bob <b@b.example>:\n\nWann?",
            "пт, 9 июл. 2021 г. в 10:00, Боб <b@b.example> пишет:\n\nКогда?",
            "-----Original Message-----\nFrom: Bob\n\nWhen?",
            "---------- Forwarded message ---------\nFrom: Bob\n\nWhen?",
            "________________________________\nFrom: Bob\nSent: Friday\n\nWhen?",
            "From: Bob <b@b.example>\nSent: Friday, July 9, 2021\nTo: Ann\n\nWhen?",
        ],
    )
    def test_older_messages_below_without_marks(self, older: str) -> None:
        assert quotable(mail(f"At noon.\n\n{older}\n\nAnd where?\n")) == ["At noon."]

    @pytest.mark.parametrize("line", ["He wrote:", "On it I wrote a note.", "From: here to there"])
    def test_what_only_looks_like_it(self, line: str) -> None:
        assert quotable(mail(f"{line}\n\nAnd so on.\n")) == [line, "And so on."]

    def test_html(self) -> None:
        assert html(
            "<html><head><style>p{}</style></head><body><div style='display:none'>Preview</div>"
            "<table><tr><td><p>At noon.</p><p>Or<br>later.</p></td></tr></table>"
            "<div class='gmail_signature'>Ann</div>"
            "<div>On Fri, 9 Jul 2021 Bob wrote:</div><blockquote>When?</blockquote>"
            "<p>See you.</p></body></html>"
        ) == ["At noon.", "Or\nlater.", "See you."]

    def test_html_with_an_older_message_below(self) -> None:
        assert html(
            "<p>At noon.</p><div><b>From:</b> Bob<br><b>Sent:</b> Friday</div><p>When?</p>"
        ) == ["At noon."]


class TestBodies:
    def test_plain_text_is_preferred_and_attachments_are_not_read(self) -> None:
        message = EmailMessage()
        message["From"], message["Subject"] = "Ann Lee <a@a.example>", "x"
        message.set_content("It is plain.")
        message.add_alternative("<p>It is HTML.</p>", subtype="html")
        message.add_attachment("An attachment.", filename="a.txt")
        assert quotable(check(parse("a.eml", message.as_bytes()))) == ["It is plain."]

    def test_flowed_lines_are_joined(self) -> None:
        head = "Content-Type: text/plain; charset=utf-8; format=flowed\n"
        parsed = mail("It \nis \n one.\n\nTwo.\n> It was \n> said.\n-- \nAnn\n", head)
        assert quotable(parsed) == ["It is one.", "Two."]

    def test_wrapped_lines_are_one_paragraph(self) -> None:
        lines = (
            "The first line of it is about as wide as a page of mail is, and\n"
            "so is the second one, which does not end with a stop so that the\n"
            "third one ends it."
        )
        assert quotable(mail(f"{lines}\n")) == [lines]

    @pytest.mark.parametrize(
        ("charset", "data"),
        [
            ("iso-8859-1", b"caf\xe9."),
            ("utf-8", b"caf\xe9."),
            ("us-ascii", "café.".encode()),
            ("nosuch", "café.".encode()),
            ("punycode", "café.".encode()),
        ],
    )
    def test_charsets(self, charset: str, data: bytes) -> None:
        head = f"{HEAD}Content-Type: text/plain; charset={charset}\n\n"
        assert quotable(check(parse("a.eml", head.encode() + data))) == ["café."]

    @pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
    def test_transfer_encodings(self, encoding: str) -> None:
        body = "SXQgaXMu" if encoding == "base64" else "It=20is=\n."
        parsed = mail(body, f"Content-Transfer-Encoding: {encoding}\n")
        assert quotable(parsed) == ["It is."]


class TestHostile:
    @pytest.mark.parametrize(
        ("data", "named"),
        [
            (b"", "not a mail message"),
            (b"just a text", "not a mail message"),
            (b"From: a@b.c\nContent-Type: image/png\n\nxxxx", "it holds image/png"),
            (b"From: a@b.c\n\n", "no text in it"),
            (b"From: a@b.c\nSubject: " + b"x" * 30_000 + b"\n\nIt is.", "'subject' is longer"),
            (b"From: a@b.c\nContent-Type: text/plain;" + b"\n a=b;" * 9000 + b"\n\nx", "longer"),
            (HEAD.encode() + b"Content-Type: text/plain\n\n\x81\xff", "save it as UTF-8"),
        ],
    )
    def test_one_error_with_the_reason(self, data: bytes, named: str) -> None:
        with pytest.raises(DocumentError, match=named):
            parse("a.eml", data)

    def test_parts_nested_without_end(self) -> None:
        deep = "".join(
            f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(3000)
        )
        with pytest.raises(DocumentError, match=r"^a\.eml: "):
            parse("a.eml", f"From: a@b.c\n{deep}\nIt is.".encode())

    @given(st.lists(st.sampled_from(["> a", "On 2021 b wrote:", "", "-- ", "c.", "> ", ">>"])))
    def test_any_lines_are_read_or_refused(self, lines: list[str]) -> None:
        with suppress(DocumentError):
            assert not any(cut.startswith(">") for cut in quotable(mail("\n".join(lines))))

    @given(st.binary(max_size=200))
    def test_any_header_is_read_or_refused(self, data: bytes) -> None:
        with suppress(DocumentError):
            check(parse("a.eml", b"From: a@b.c\nSubject: " + data + b"\n\nIt is."))

    @given(st.text(alphabet='=?utf8qb<>@,;:"()\\ \n\t[]', max_size=80))
    def test_any_sender_is_read_or_refused(self, text: str) -> None:
        with suppress(DocumentError):
            check(parse("a.eml", f"From: {text}\nSubject: x\nDate: {text}\n\nIt is.".encode()))

    @pytest.mark.parametrize("text", ["8@[ ", ".8: <f=\\=", "a@b.c, :_=b=,<", "(" * 3000])
    def test_a_header_that_the_standard_library_fails_on_costs_no_more_than_itself(
        self, text: str
    ) -> None:
        parsed = parse("a.eml", f"From: {text}\nSubject: A fox\nDate: {text}\n\nIt is.".encode())
        assert parsed.metadata.title == "A fox"
        assert parsed.metadata.author is None
        assert [one.span.cut(parsed.text) for one in parsed.paragraphs] == ["It is."]
