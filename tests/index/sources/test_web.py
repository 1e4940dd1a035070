"""What is fetched from the web, and what is refused."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.core.errors import DocumentError
from index.parsers import parse
from index.sources.names import choose_url, is_url, normalize_url
from index.sources.transport import is_public
from index.sources.web import Fetched, FetchLimits, fetch
from tests.support import PATIENCE_S
from tests.support.website import Page, Site, serve

FOX = "The red fox sleeps in the mill."
OPEN = FetchLimits(max_bytes=100_000, seconds=PATIENCE_S, private=True)
CLOSED = FetchLimits(max_bytes=100_000, seconds=PATIENCE_S)


def refusal(url: str, limits: FetchLimits = OPEN, **changed: object) -> str:
    with pytest.raises(DocumentError) as raised:
        fetch(url, limits, **changed)  # type: ignore[arg-type]
    assert len(str(raised.value).splitlines()) == 1
    return str(raised.value)


class TestContent:
    def test_a_page(self, site: Site) -> None:
        url = site.put("/fox", FOX)
        fetched = fetch(f"{url}#tail", OPEN)
        assert (fetched.url, fetched.name, fetched.data) == (url, "fox.txt", FOX.encode())
        assert abs(fetched.at - datetime.now(UTC)) < timedelta(minutes=1)

    def test_it_says_who_asks_and_sends_nothing_else(self, site: Site) -> None:
        site.put("/end", FOX)
        fetch(site.redirect("/", "/end"), OPEN)
        assert [path for path, _ in site.requests] == ["/", "/end"]
        for _, headers in site.requests:
            assert headers["User-Agent"].startswith("onrecord/")
            assert headers["Host"] == f"127.0.0.1:{site.port}"
            assert "Cookie" not in headers

    def test_no_proxy_of_the_environment(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        assert fetch(site.put("/fox", FOX), OPEN).data == FOX.encode()

    @pytest.mark.parametrize(
        ("path", "kind", "name"),
        [
            ("/a", "text/plain; charset=utf-8", "a.txt"),
            ("/a.php", "TEXT/MARKDOWN", "a.php.md"),
            ("/a.md", "text/plain", "a.md"),
            ("/a.html", "text/plain", "a.html.txt"),
            ("/a.md", "application/octet-stream", "a.md"),
            ("/b/A.TXT?x=1", "", "A.TXT"),
            ("/", "text/plain", "127.0.0.1.txt"),
        ],
    )
    def test_the_type_then_the_suffix_chooses_the_parser(
        self, site: Site, path: str, kind: str, name: str
    ) -> None:
        assert fetch(site.put(path, FOX, kind), OPEN).name == name

    @pytest.mark.parametrize(
        ("path", "kind"), [("/a.txt", "video/mp4"), ("/a", "application/octet-stream"), ("/a", "")]
    )
    def test_other_types_are_refused(self, site: Site, path: str, kind: str) -> None:
        message = refusal(site.put(path, FOX, kind))
        assert f"{kind or 'no content type'}: not a type that can be read" in message
        assert "text/plain" in message


class TestCharset:
    @pytest.mark.parametrize(
        ("charset", "encoding"),
        [
            ("windows-1251", "cp1251"),
            ("ISO-8859-5", "iso8859-5"),
            ("koi8-r", "koi8-r"),
            ("utf-16le", "utf-16-le"),
            ("utf-8", "utf-8"),
        ],
    )
    def test_the_header_tells(self, site: Site, charset: str, encoding: str) -> None:
        text = "Лиса спит на мельнице."
        url = site.put("/a", text.encode(encoding), f"text/plain; charset={charset}")
        fetched = fetch(url, OPEN)
        assert parse(fetched.name, fetched.data).text == text

    def test_latin_1_is_read_as_browsers_do(self, site: Site) -> None:
        url = site.put("/a", "“Füchse”".encode("cp1252"), "text/plain; charset=iso-8859-1")
        assert fetch(url, OPEN).data.decode("utf-8-sig") == "“Füchse”"

    def test_a_mark_comes_before_the_header(self, site: Site) -> None:
        url = site.put("/a", FOX.encode("utf-8-sig"), "text/plain; charset=utf-16")
        assert fetch(url, OPEN).data == FOX.encode("utf-8-sig")

    def test_bytes_of_another_charset_are_an_error(self, site: Site) -> None:
        url = site.put("/a", b"caf\xe9", "text/plain; charset=utf-8")
        assert "not utf-8, as the server says: byte 0xe9 at offset 3" in refusal(url)

    @pytest.mark.parametrize("charset", ["klingon", "zlib", "punycode", "unicode_escape"])
    def test_an_unknown_charset_is_an_error(self, site: Site, charset: str) -> None:
        url = site.put("/a", FOX, f"text/plain; charset={charset}")
        assert f"the charset {charset} is not known" in refusal(url)


class TestRedirects:
    def test_five_are_followed(self, site: Site) -> None:
        for step in range(5):
            site.redirect(f"/{step}", f"/{step + 1}", [301, 302, 303, 307, 308][step])
        last = site.put("/5", FOX)
        assert fetch(site.url("/0"), OPEN).url == last
        assert "redirected more than 5 times" in refusal(site.redirect("/start", "/0"))

    def test_a_loop_ends(self, site: Site) -> None:
        site.redirect("/b", "/a")
        assert "redirected more than 5 times" in refusal(site.redirect("/a", "/b"))
        assert len(site.requests) == 6

    @pytest.mark.parametrize("target", ["ftp://127.0.0.1/a", "file:///etc/passwd", "data:,a"])
    def test_only_to_the_web(self, site: Site, target: str) -> None:
        refusal(site.redirect("/a", target))
        assert len(site.requests) == 1

    def test_not_with_credentials(self, site: Site) -> None:
        target = site.url("/b").replace("//", "//me:hush@")
        assert "hush" not in refusal(site.redirect("/a", target))
        assert len(site.requests) == 1

    def test_each_host_is_checked(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            "index.sources.transport.is_public", lambda address: address == "127.0.0.1"
        )
        hosts = {"outside.test": ["127.0.0.1"], "inside.test": ["127.0.0.2"]}
        site.redirect("/a", site.url("/secret", "inside.test"))
        site.put("/secret", FOX)
        message = refusal(site.url("/a", "outside.test"), CLOSED, resolve=hosts.__getitem__)
        assert "inside.test has a private address, which is refused" in message
        assert [path for path, _ in site.requests] == ["/a"]


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0"),
            *("100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
            *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1"),
            *("2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1"),
            *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1"),
            *("2002:7f00:1::", "2002:a00:1::1"),
        ],
    )
    def test_not_public(self, address: str) -> None:
        assert not is_public(address)
        message = refusal("http://a.test/", CLOSED, resolve=lambda host: ["93.184.215.14", address])
        assert "a.test has a private address, which is refused" in message

    @pytest.mark.parametrize(
        "address",
        ["93.184.215.14", "2606:2800:21f::1", "64:ff9b::5db8:d70e", "2002:5db8:d70e::1"],
    )
    def test_public(self, address: str) -> None:
        assert is_public(address)

    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"]
    )
    def test_however_the_address_is_written(self, site: Site, host: str) -> None:
        assert "private address" in refusal(site.url("/", host), CLOSED)
        assert not site.requests

    def test_the_host_is_resolved_once_and_that_address_used(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "index.sources.transport.is_public", lambda address: address == "127.0.0.1"
        )
        answers = iter([["127.0.0.1"], ["127.0.0.2"]])
        site.put("/", FOX)
        fetch(site.url("/", "rebound.test"), CLOSED, lambda host: next(answers))
        assert next(answers) == ["127.0.0.2"]
        assert site.requests[0][1]["Host"] == f"rebound.test:{site.port}"

    def test_the_next_address_is_tried(self, site: Site) -> None:
        site.put("/", FOX)
        addresses = ["127.0.0.9", "127.0.0.1"]  # the server listens at the second only
        assert fetch(site.url("/", "a.test"), OPEN, lambda host: addresses).data == FOX.encode()

    def test_a_host_that_is_not_known(self) -> None:
        def unknown(host: str) -> Sequence[str]:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        message = refusal("http://none.test/", resolve=unknown)
        assert message.endswith("the host none.test is not found: Name or service not known")

    def test_a_name_that_no_host_can_have(self) -> None:
        assert "is not found" in refusal(f"http://{'a' * 64}.test/")

    def test_a_slow_look_up_counts(self) -> None:
        def slow(host: str) -> Sequence[str]:
            time.sleep(1)
            return ["127.0.0.1"]

        limits = FetchLimits(max_bytes=1000, seconds=0.1, private=True)
        assert "not fetched within 0.1 s" in refusal("http://a.test/", limits, resolve=slow)


class TestLimits:
    SOON = FetchLimits(max_bytes=100_000, seconds=0.3, private=True)

    def test_a_body_that_drips(self, site: Site) -> None:
        url = site.put("/", "drop", pieces=100, pause_s=0.05)
        message = refusal(url, self.SOON)
        assert message.endswith("not fetched within 0.3 s; raise ONRECORD_FETCH_SECONDS")

    def test_a_head_that_drips(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
            assert "not fetched within 0.3 s" in refusal(url, self.SOON)

    def test_a_body_too_large(self, site: Site) -> None:
        url = site.put("/", b"a" * 10_000, pieces=10_000)
        assert "larger than the limit of 0.1 MB; raise ONRECORD_MAX_FILE_MB" in refusal(url)

    def test_a_body_of_just_the_limit(self, site: Site) -> None:
        url = site.put("/", b"a" * 100_000)
        assert len(fetch(url, OPEN).data) == 100_000
        assert "larger than" in refusal(site.put("/", b"a" * 100_001))

    def test_gzip(self, site: Site) -> None:
        packed = gzip.compress(FOX.encode()) + gzip.compress(b" Twice.")
        url = site.put("/", packed, headers={"Content-Encoding": "gzip"})
        assert fetch(url, OPEN).data == f"{FOX} Twice.".encode()

    def test_a_gzip_bomb(self, site: Site) -> None:
        packed = gzip.compress(bytes(50_000_000))
        assert len(packed) < 100_000
        url = site.put("/", packed, headers={"Content-Encoding": "gzip"})
        assert "larger than the limit" in refusal(url)

    @pytest.mark.parametrize(
        ("body", "encoding", "reason"),
        [
            (gzip.compress(FOX.encode(), mtime=0)[:-9], "gzip", "cut off"),
            (b"no gzip", "gzip", "its gzip is damaged"),
            (b"", "gzip", "cut off"),
            (b"a", "br", "packed as br, which was not asked for"),
            (b"a", "gzip, gzip", "packed as gzip, gzip"),
        ],
    )
    def test_packing_that_cannot_be_read(
        self, site: Site, body: bytes, encoding: str, reason: str
    ) -> None:
        assert reason in refusal(site.put("/", body, headers={"Content-Encoding": encoding}))


class TestFailures:
    @pytest.mark.parametrize(
        ("status", "told"),
        [(404, "404 Not Found"), (403, "403 Forbidden"), (503, "503 Service Unavailable")],
    )
    def test_a_status(self, site: Site, status: int, told: str) -> None:
        site.pages["/"] = Page(b"sorry", status, {"Content-Type": "text/plain"})
        assert refusal(site.url("/")) == f"{site.url('/')}: the server answers {told}"

    def test_nobody_listens(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        assert "cannot be reached" in refusal(f"http://127.0.0.1:{port}/")

    def test_no_file_of_certificates(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", "/none.pem")
        assert "cannot be reached: " in refusal(site.put("/", FOX))

    def test_a_body_cut_off(self, site: Site) -> None:
        url = site.put("/", FOX, headers={"Content-Length": "1000"})
        assert "cannot be reached" in refusal(url)

    @pytest.mark.parametrize(
        ("url", "reason"),
        [
            ("ftp://a.test/", "only http and https"),
            ("https://me:hush@a.test/", "user name or password"),
            ("https://me@a.test/", "user name or password"),
            ("https:///a", "only http and https"),
            ("http://127.0.0.1:99999/", "ports go from 1 to 65535"),
            ("http://127.0.0.1:0/", "ports go from 1 to 65535"),
            ("http://[::1/", "not a URL"),
            ("http://a.test/\x00", "not a URL"),
        ],
    )
    def test_what_is_no_address_of_a_page(self, url: str, reason: str) -> None:
        message = refusal(url)
        assert reason in message
        assert "hush" not in message


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes certificates with openssl")
class TestTls:
    @pytest.fixture
    def certificate(self, tmp_path: Path) -> Path:
        """A certificate of fox.test, signed by itself, with its key."""
        made = tmp_path / "fox.pem"
        command = (
            "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=fox.test "
            f"-addext subjectAltName=DNS:fox.test -keyout {tmp_path}/key.pem -out {made}"
        )
        subprocess.run(command.split(), check=True, capture_output=True)
        return made

    @pytest.fixture
    def secure(self, certificate: Path) -> Iterator[Site]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate.with_name("key.pem"))
        with serve(context) as made:
            made.put("/", FOX)
            yield made

    def test_a_certificate_that_nobody_signed(self, secure: Site) -> None:
        url = secure.url("/", "fox.test")
        message = refusal(url, resolve=lambda host: ["127.0.0.1"])
        assert "no secure connection: self" in message
        assert not secure.requests

    @pytest.mark.slow
    def test_the_certificate_is_of_the_host_and_not_of_the_address(
        self, secure: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        fetched: Fetched = fetch(secure.url("/", "fox.test"), OPEN, lambda host: ["127.0.0.1"])
        assert fetched.data == FOX.encode()
        message = refusal(secure.url("/", "dog.test"), resolve=lambda host: ["127.0.0.1"])
        assert "no secure connection: Hostname mismatch" in message


class TestUrls:
    @pytest.mark.parametrize("location", ["https://a.test", "HTTP://a.test/b", "ftp://a.test"])
    def test_a_url(self, location: str) -> None:
        assert is_url(location)

    @pytest.mark.parametrize("location", ["a.txt", "/a/b", "C:\\a", "C:/a", "http.txt", "./a://b"])
    def test_a_path(self, location: str) -> None:
        assert not is_url(location)

    @pytest.mark.parametrize(
        ("url", "normal"),
        [
            ("HTTPS://News.Example.org", "https://news.example.org/"),
            ("https://a.test:443/B?q=C#d", "https://a.test/B?q=C"),
            ("http://a.test:443/", "http://a.test:443/"),
            ("http://[::1/", "http://[::1/"),
        ],
    )
    def test_normalize(self, url: str, normal: str) -> None:
        assert normalize_url(url) == normal
        assert normalize_url(normal) == normal

    @pytest.mark.parametrize(
        ("canonical", "chosen"),
        [
            ("https://example.org/a", "https://example.org/a"),
            ("https://en.example.org/a", "https://en.example.org/a"),
            ("/a", "https://www.example.org/a"),
            (None, "https://www.example.org/b?utm=1"),
            ("https://notexample.org/a", "https://www.example.org/b?utm=1"),
            ("https://example.com/a", "https://www.example.org/b?utm=1"),
            ("javascript:alert(1)", "https://www.example.org/b?utm=1"),
            ("https://me:hush@example.org/a", "https://www.example.org/b?utm=1"),
            ("https://[", "https://www.example.org/b?utm=1"),
        ],
    )
    def test_the_address_a_page_gives_counts_on_its_own_site(
        self, canonical: str | None, chosen: str
    ) -> None:
        assert choose_url(canonical, "https://www.example.org/b?utm=1") == chosen
