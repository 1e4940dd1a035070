"""A text for a person that can still be said in another language."""

from __future__ import annotations


class Phrase(str):
    """An English text that remembers its template and what was filled in.

    It is used like any text. Whoever knows the language of the reader says `template` in it and
    fills in `fields` again; where nobody does, the text is English.

    Attributes:
        template: with names in braces, as in "the limit is {limit}". The catalogs are made from
            the literals given here.
        plural: the template for numbers other than 1; "" where it does not depend on a number.
        fields: what stands in for the names; a whole number is written in groups, as 1,204.
    """

    template: str
    plural: str
    fields: dict[str, str | int]

    def __new__(cls, template: str, **fields: str | int) -> Phrase:
        """Create the text that does not depend on a number."""
        return cls._make(template, template, "", fields)

    @classmethod
    def counted(cls, singular: str, plural: str, number: int, **fields: str | int) -> Phrase:
        """Return the text that fits a number, which fills in {number}."""
        chosen = singular if number == 1 else plural
        return cls._make(chosen, singular, plural, fields | {"number": number})

    @classmethod
    def _make(cls, chosen: str, template: str, plural: str, fields: dict[str, str | int]) -> Phrase:
        phrase = str.__new__(cls, chosen.format(**{name: grouped(fields[name]) for name in fields}))
        phrase.template, phrase.plural, phrase.fields = template, plural, fields
        return phrase

    def __str__(self) -> Phrase:
        """Return the phrase itself, so that str() of an exception with it keeps what it knows."""
        return self


def grouped(value: str | int) -> str:
    """Return a text unchanged, and a whole number as in 1,204."""
    return f"{value:,}" if isinstance(value, int) else value
