"""User-facing text that is translated late."""

from __future__ import annotations


class Phrase(str):
    """An English string that the bot can translate from its `template` and fill in again.

    The catalogs of the translations are made from the literals given here.

    Attributes:
        template: text with names in braces, as "the limit is {limit}".
        plural: the template for numbers other than 1; "" if the text depends on no number.
        fields: values of the names; whole numbers are shown in groups, as 1,204.
    """

    template: str
    plural: str
    fields: dict[str, str | int]

    def __new__(cls, template: str, **fields: str | int) -> Phrase:
        return cls._make(template, template, "", fields)

    @classmethod
    def counted(cls, singular: str, plural: str, number: int, **fields: str | int) -> Phrase:
        """Return the text for a number, which also fills in {number}."""
        chosen = singular if number == 1 else plural
        return cls._make(chosen, singular, plural, fields | {"number": number})

    @classmethod
    def _make(cls, chosen: str, template: str, plural: str, fields: dict[str, str | int]) -> Phrase:
        phrase = str.__new__(cls, chosen.format(**{name: grouped(fields[name]) for name in fields}))
        phrase.template, phrase.plural, phrase.fields = template, plural, fields
        return phrase

    def __str__(self) -> Phrase:
        """Return the phrase itself, so that str() of an exception keeps the template."""
        return self


def grouped(value: str | int) -> str:
    return f"{value:,}" if isinstance(value, int) else value
