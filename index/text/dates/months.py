"""Names of months in several languages and calendars, in the forms that dates have."""

from __future__ import annotations

from datetime import date, timedelta

from index.text.stemming import fold

_NAMES = {
    "january": """enero janvier januar jänner января январе январь січня січні січень gennaio
        janeiro stycznia styczniu ocak يناير جانفي ژانویه""",
    "february": """febrero février februar februar feber февраля феврале февраль лютого лютому
        лютий febbraio fevereiro lutego lutym şubat فبراير فيفري شباط فوریه""",
    "march": """marzo mars märz maerz марта марте март березня березні березень março marca marcu
        مارس آذار""",
    "april": """abril avril april апреля апреле апрель квітня квітні квітень aprile kwietnia
        kwietniu nisan أبريل إبريل أفريل نيسان آوریل""",
    "may": """mayo mai мая мае май травня травні травень maggio maio maja maju mayıs مايو أيار ماي
        مه""",
    "june": """junio juin juni июня июне июнь червня червні червень giugno junho czerwca czerwcu
        haziran يونيو يونيه جوان حزيران ژوئن""",
    "july": """julio juillet juli июля июле июль липня липні липень luglio julho lipca lipcu temmuz
        يوليو يوليه جويلية تموز ژوئیه جولای""",
    "august": """agosto août august августа августе август серпня серпні серпень sierpnia sierpniu
        ağustos أغسطس أوت آب اوت""",
    "september": """septiembre setiembre septembre september сентября сентябре сентябрь вересня
        вересні вересень settembre setembro września wrześniu eylül سبتمبر أيلول سپتامبر""",
    "october": """octubre octobre oktober октября октябре октябрь жовтня жовтні жовтень ottobre
        outubro października październiku ekim أكتوبر اکتبر""",
    "november": """noviembre novembre november ноября ноябре ноябрь листопада листопаді листопад
        novembro listopada listopadzie kasım نوفمبر نوامبر""",
    "december": """diciembre décembre dezember декабря декабре декабрь грудня грудні грудень
        dicembre dezembro grudnia grudniu aralık ديسمبر دسامبر""",
}
_SOLAR_TEXT = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
_LUNAR_TEXT = "محرم صفر رجب شعبان رمضان شوال"

SOLAR_MONTHS = (
    *("farvardin", "ordibehesht", "khordad", "tir", "mordad", "shahrivar"),
    *("mehr", "aban", "azar", "dey", "bahman", "esfand"),
)
"""Those of the Solar Hijri calendar, as figures name them."""

MONTH_WORDS = {
    fold(word): month for month, words in _NAMES.items() for word in words.split()
} | dict(zip(map(fold, _SOLAR_TEXT.split()), SOLAR_MONTHS, strict=True))
"""Months by their names in other languages than English, as `fold` has them."""
MONTH_WORDS |= {fold(word): fold(word) for word in _LUNAR_TEXT.split()}
# They mean something else as well: never, a planet, a hearth, kindness, a bullet, yesterday.
_ALSO_OTHERS = """mai mars mayo maja maju marca ocak ekim nisan march may ماي مه آب أوت اوت آذار
    جوان تیر مهر آذر دی بهمن صفر лютий червень липень серпень листопад листопада"""
AMBIGUOUS_MONTHS = frozenset(map(fold, _ALSO_OTHERS.split()))
"""Those that mean a month only beside a day or a year."""

_HALF, _LONG, _SHORT = 186, 31, 30
_BEFORE = 621


def solar_hijri(day: date) -> tuple[int, int, int]:
    """Return the year, month and day of the Solar Hijri calendar."""
    year = day.year - _BEFORE
    if day < _first_day(year):
        year -= 1
    passed = (day - _first_day(year)).days
    if passed < _HALF:
        return year, passed // _LONG + 1, passed % _LONG + 1
    passed -= _HALF
    return year, passed // _SHORT + 7, passed % _SHORT + 1


def of_solar_hijri(year: int, month: int = 1, day: int = 1) -> date:
    """Return the day that a date of the Solar Hijri calendar means."""
    before = (month - 1) * _LONG if month <= 7 else _HALF + (month - 7) * _SHORT
    return _first_day(year) + timedelta(before + day - 1)


def _first_day(year: int) -> date:
    """The first day of a year, by the cycle of 33 years that holds from 1244 to 1531 (1865-2152).

    Borkowski, "The Persian calendar for 3000 years", Earth, Moon and Planets 74 (1996).
    """
    leaps = (8 * year + 21) // 33 - (8 * 1244 + 21) // 33
    return date(1865, 3, 21) + timedelta(365 * (year - 1244) + leaps)
