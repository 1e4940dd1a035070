"""The record of uploads, of archives among them."""

from sqlalchemy import Engine

from bot.storage.uploads import Upload, Uploads

CHAT, ANN = 7, 2


def test_an_archive_has_a_row_for_each_document(engine: Engine) -> None:
    uploads = Uploads(engine)
    pack = Upload(1, CHAT, ANN, "pack.zip", "chat_7/a.zip")
    uploads.plan(pack)
    assert uploads.begun(CHAT) == {"pack.zip"}
    uploads.finish(pack, {"pack.zip/a.txt": 11, "pack.zip/b.txt": 12})
    parts = uploads.of_update(1)
    assert [(part.part, part.path, part.document_id) for part in parts] == [
        (0, "pack.zip/a.txt", 11),
        (1, "pack.zip/b.txt", 12),
    ]
    assert {part.archive for part in parts} == {"pack.zip"}
    assert (uploads.of_document(12), uploads.in_file("chat_7/a.zip")) == ([parts[1]], parts)
    last = uploads.last(CHAT, 60.0)
    assert last is not None
    assert last[0] == (11, 12)
    assert uploads.begun(CHAT) == set()


def test_an_archive_takes_the_place_of_the_one_before(engine: Engine) -> None:
    uploads = Uploads(engine)
    for update_id, found, gone in ((1, {"p.zip/a.txt": 11, "p.zip/b.txt": 12}, set()),
                                   (2, {"p.zip/a.txt": 11, "p.zip/c.txt": 13}, {12})):  # fmt: skip
        pack = Upload(update_id, CHAT, ANN, "p.zip", f"chat_7/{update_id}.zip")
        uploads.plan(pack)
        replaced = uploads.replaced(pack, {*found.values(), *gone})
        uploads.finish(pack, found, gone)
    assert [part.document_id for part in replaced] == [11, 12]
    assert uploads.of_update(1) == []
    assert [part.document_id for part in uploads.of_update(2)] == [11, 13]


def test_a_page_may_have_several_uploads(engine: Engine) -> None:
    uploads = Uploads(engine)
    for update_id in (1, 2):
        page = Upload(update_id, CHAT, ANN, "https://example.org/")
        uploads.plan(page)
        assert uploads.replaced(page, [5]) == []
        uploads.finish(page, {page.path: 5})
    assert len(uploads.of_document(5)) == 2
