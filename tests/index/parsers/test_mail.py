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

    @pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
    def test_letters_as_they_are_in_no_declared_encoding(self, encoding: str) -> None:
        source = "From: Jörg <j@a.example>\nSubject: Café – neu\n\nIt is.".encode(encoding)
        parsed = check(parse("a.eml", source))
        assert (parsed.metadata.title, parsed.metadata.author) == ("Café – neu", "Jörg")

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


class TestForwarded:
    FORWARDED = (
        "---------- Forwarded message ---------\nFrom: Olaf Rinne <olaf@p.example>\n"
        "Date: Mon, 4 Mar 2024 at 17:01\nSubject: Pump\n\nIt comes on 12 March.\n"
    )

    def test_it_is_quoted_in_the_name_of_its_writer(self) -> None:
        parsed = mail(f"\n{self.FORWARDED}")
        assert quotable(parsed) == ["It comes on 12 March."]
        (entry,) = parsed.entries
        assert speakers(parsed) == ["Olaf Rinne"]
        assert (entry.published, entry.time) == (date(2024, 3, 4), time(17, 1))

    def test_it_is_not_where_the_sender_adds_something(self) -> None:
        assert quotable(mail(f"Good news.\n\n{self.FORWARDED}")) == ["Good news."]

    def test_html(self) -> None:
        lines = "From: Olaf Rinne &lt;o@p.example&gt;<br>Date: Mon, 4 Mar 2024 17:01:00 +0000<br>"
        below = f"<div>---------- Forwarded message ---------<br>{lines}</div><p>It is here.</p>"
        assert html(f'<div class="gmail_quote">{below}</div>') == ["It is here."]

    def test_an_attached_message_is_an_entry_of_its_own(self) -> None:
        inner = EmailMessage()
        inner["From"], inner["Subject"] = "Bo <b@b.example>", "Fence"
        inner.set_content("The fence is new.")
        outer = EmailMessage()
        outer["From"], outer["Subject"] = "Ann Lee <a@a.example>", "See below"
        outer.set_content("Look at this.")
        outer.add_attachment(inner)
        parsed = check(parse("a.eml", outer.as_bytes()))
        assert quotable(parsed) == ["Look at this.", "The fence is new."]
        assert speakers(parsed) == ["Ann Lee", "Bo"]


def alternatives(plain: str, other: str, subtype: str = "html") -> list[str]:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ann Lee <a@a.example>", "x"
    message.set_content(plain)
    message.add_alternative(other, subtype=subtype)
    return quotable(check(parse("a.eml", message.as_bytes())))


def test_a_plain_part_that_points_to_the_other_is_not_read() -> None:
    stub = "Please view this e-mail in an HTML capable client."
    assert alternatives(stub, "<h2>Roof</h2><p>The roof is new.</p>") == ["The roof is new."]


def test_an_invitation_is_read_if_it_is_all() -> None:
    head = 'Content-Type: text/calendar; charset="utf-8"\n'
    event = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Board meeting\nDTSTART:20240305T101500Z\n"
        "LOCATION:Mill\\, Sarn\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    assert quotable(mail(event, head)) == [
        "Board meeting",
        "Start: 2024-03-05 10:15",
        "Location: Mill, Sarn",
    ]


@pytest.mark.parametrize(
    ("charset", "data", "read"),
    [
        ("utf-8", "Мост закрыт. Вода \N{EM DASH} холодная. ".encode() + b"\xd1 ok.", "Мост закрыт"),
        ("iso-8859-1", b"\x93It is late\x94 \x96 he said.", "“It is late” – he said."),
    ],
)
def test_a_damaged_character_costs_itself(charset: str, data: bytes, read: str) -> None:
    head = f"{HEAD}Content-Type: text/plain; charset={charset}\n\n"
    assert read in check(parse("a.eml", head.encode() + data)).text


def test_what_stands_below_the_closing_formula_is_not_quoted() -> None:
    body = (
        "The board met.\n\n* The shed gets a new lock.\n* The hedge is cut in\n  September.\n\n"
        "Kind regards\nPia Salo\nChair\n\nThis e-mail is confidential. If you are not the intended "
        "recipient, please delete it.\n"
    )
    assert quotable(mail(body)) == [
        "The board met.",
        "* The shed gets a new lock.",
        "* The hedge is cut in\nSeptember.",
    ]


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("Date: Sun, 30 Jun 3609 15:33:50 +0000\n", None),
        ("Received: from x by y; Wed, 7 Sep 2016 10:00:00 +0300\n", date(2016, 9, 7)),
        (
            "Received: by y;\n Wed, 7 Sep 2016 10:00:00 +0300\nDate: 1 Jan 1970 00:00:00 +0000\n",
            date(2016, 9, 7),
        ),
    ],
)
def test_a_day_that_cannot_be(head: str, day: date | None) -> None:
    parsed = parse("a.eml", f"{head}From: a@b.c\nSubject: x\n\nIt is.".encode())
    assert parsed.metadata.published == day


def test_a_mailbox_has_an_entry_for_each_message() -> None:
    envelope = "From a@b.c Sat Jul 10 12:00:00 2021\n"
    one = f"{envelope}From: Ann <a@b.c>\nSubject: One\n\nIt is.\n\n>From here on.\n\n"
    two = f"{envelope}From: Bo <b@b.c>\nSubject: Two\n\nSo it is.\n"
    bad = f"{envelope}From: Bo <b@b.c>\n\n"
    parsed = check(parse("a.mbox", f"{one}{bad}{two}".encode()))
    assert quotable(parsed) == ["It is.", "From here on.", "So it is."]
    assert [entry.title for entry in parsed.entries] == ["One", "Two"]
    assert speakers(parsed) == ["Ann", "Bo"]
    assert len(parsed.left_out) == 1
    with pytest.raises(DocumentError, match="not a mailbox"):
        parse("a.mbox", b"just a text")
