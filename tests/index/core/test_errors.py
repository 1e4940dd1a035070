"""The errors that users see."""

from index.core.errors import DocumentError


def test_a_long_reason_keeps_its_remedy() -> None:
    error = DocumentError("a.odt", f"damaged ({'9' * 5000}); save it anew")
    assert str(error).startswith("a.odt: damaged (9999")
    assert str(error).endswith("999); save it anew")
    assert len(error.reason) == 400
