"""Zip containers are read within limits: what lies beyond is one error that names the limit."""

from __future__ import annotations

import io
import stat
import struct
import tracemalloc
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.core.errors import DocumentError
from index.parsers.toolkit import archive
from index.parsers.toolkit.archive import Archive
from tests.support.containers import zipped


def test_members_are_read_by_name() -> None:
    opened = Archive("a.docx", zipped({"a.xml": "one", "b/c.xml": "two"}))
    assert list(opened) == ["a.xml", "b/c.xml"]
    assert "a.xml" in opened
    assert opened.read("b/c.xml") == b"two"


def test_a_missing_member_is_named() -> None:
    with pytest.raises(DocumentError, match=r"a\.docx: .*'z\.xml' is missing"):
        Archive("a.docx", zipped({"a.xml": "one"})).read("z.xml")


@pytest.mark.parametrize("path", ["../a.xml", "a/../../b.xml", "/etc/a.xml", "a\\b.xml"])
def test_names_that_lead_out_are_passed_over(path: str) -> None:
    assert list(Archive("a.docx", zipped({path: "x", "good.xml": "y"}))) == ["good.xml"]


def test_links_are_passed_over() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as writer:
        link = zipfile.ZipInfo("link.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        writer.writestr(link, "/etc/passwd")
    assert list(Archive("a.docx", made.getvalue())) == []


def test_members_without_a_name_are_passed_over() -> None:
    data = zipped({"%": "x", "good.xml": "y"}).replace(b"%", b"\0")
    assert list(Archive("a.docx", data)) == ["good.xml"]


def test_too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    data = zipped({f"{n}.xml": "x" for n in range(4)})
    with pytest.raises(DocumentError, match=r"4 parts, the limit is 3; split"):
        Archive("a.docx", data)


@pytest.mark.slow
def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    data = zipped({f"{n}.xml": b"\0" * 30_000_000 for n in range(3)})
    tracemalloc.start()
    with pytest.raises(DocumentError, match=r"times its size, the limit is 200 times"):
        Archive("a.docx", data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_a_member_that_declares_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBER_BYTES", 1000)
    with pytest.raises(DocumentError, match=r"'a\.xml' unpacks to more than"):
        Archive("a.docx", zipped({"a.xml": "x" * 1001}))


def test_a_member_that_declares_less_than_it_holds() -> None:
    data = zipped({"a.xml": b"\0" * 5_000_000})
    lied = data.replace(struct.pack("<L", 5_000_000), struct.pack("<L", 100))
    assert lied != data
    with pytest.raises(DocumentError, match=r"'a\.xml' is broken"):
        Archive("a.docx", lied).read("a.xml")


def test_what_was_read_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Archive("a.docx", zipped({"a.xml": "x" * 800}))
    monkeypatch.setattr(archive, "MAX_MEMBER_BYTES", 500)
    with pytest.raises(DocumentError, match="unpacks to more than"):
        opened.read("a.xml")


def test_the_whole_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 1_000_000)
    with pytest.raises(DocumentError, match=r"unpacks to 2 MB, the limit is 1 MB"):
        Archive("a.docx", zipped({"a.xml": "x" * 800_000, "b.xml": "x" * 800_000}))


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"", "not a zip"),
        (b"plain text", "not a zip"),
        (b"PK\x03\x04 and nothing else", "not a zip"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "password"),
    ],
)
def test_what_is_no_container(data: bytes, named: str) -> None:
    with pytest.raises(DocumentError, match=named):
        Archive("a.docx", data)


def test_an_encrypted_member() -> None:
    data = bytearray(zipped({"a.xml": "one"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(DocumentError, match="password"):
        Archive("a.docx", bytes(data)).read("a.xml")


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_other_ways_to_pack(method: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as writer:
        writer.writestr("a.xml", "x" * 1000)
    with pytest.raises(DocumentError, match="packed in a way"):
        Archive("a.docx", made.getvalue()).read("a.xml")


@given(st.data())
def test_any_damage_is_one_error(data: st.DataObject) -> None:
    whole = bytearray(zipped({"a.xml": "one two three " * 20, "b.xml": "x"}))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(DocumentError):
        opened = Archive("a.docx", bytes(whole))
        for member in opened:
            opened.read(member)
