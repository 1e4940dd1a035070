"""Names from elsewhere become names that can be shown and told apart."""

from hypothesis import given
from hypothesis import strategies as st

from index.sources.names import MAX_NAME_CHARS, clean_name, free_name


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_a_clean_name_is_one_visible_line(name: str) -> None:
    clean = clean_name(name)
    assert 0 < len(clean) <= MAX_NAME_CHARS
    assert clean.isprintable()
    assert clean == clean.strip()
    assert not set(clean) & set("/\\")
    assert not clean.startswith(".")
    assert clean_name(clean) == clean


@given(st.lists(st.sampled_from(["a.pdf", "A.pdf", "a (2).pdf", "b", "b (2)"])))
def test_names_differ_by_more_than_case(names: list[str]) -> None:
    taken: list[str] = []
    for name in names:
        taken.append(free_name(name, taken))
    assert len({name.casefold() for name in taken}) == len(names)
