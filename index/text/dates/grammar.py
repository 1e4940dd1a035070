"""What each language of the interface says around days and spans of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Unit = Literal["day", "week", "month", "year"]
_SPANISH_COUNTS = ["dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """Patterns of one language; "" for none.

    Attributes:
        more: further phrases of each offset, as regular expressions.
        on: before a weekday, and part of the mention.
        needs_on: a weekday without it is a noun, or every such day.
        last: before or behind a weekday, the one of the past.
        next: before or behind it, the one to come.
        never: before a weekday that is no single day, or is told from another one.
        past: what opens "the past three days"; `{unit}` and `{count}` stand for theirs.
        about: before a number that is not exact.
        before_ago: before "three days ago" if it is a length: "desde hace tres días".
        behind_ago: behind it if it is one.
        counts: numbers in words that dateparser lacks.
        units: forms of a unit that it lacks.
    """

    more: dict[tuple[Unit, int], str] = field(default_factory=dict)
    on: str = ""
    needs_on: bool = True
    last: str = ""
    next: str = ""
    never: str = ""
    past: str = ""
    about: str = ""
    before_ago: str = ""
    behind_ago: str = ""
    counts: dict[int, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)


GRAMMARS = {
    "en": Grammar(
        on="on|this|since|until|by|before|after",
        needs_on=False,
        last="last|past",
        next="next|coming",
        never=(
            "every|each|any|most|an?|one|that|the|another|some|per|other|alternate|previous|"
            "following|first|second|third|fourth|between|from|of|no"
        ),
        past=r"(?:in|over|during|within|for|throughout) the (?:past|last) (?:{count} )?{unit}",
        about=(
            "more than|less than|fewer than|over|nearly|almost|about|around|some|at least|roughly|"
            "up to|approximately|another|every"
        ),
    ),
    "de": Grammar(
        more={
            ("week", 0): "dieser woche",
            ("month", 0): "diese[mrs] monat",
            ("year", 0): "diesem jahr|heuer",
            ("week", -1): "(?:letzte[nr]?|vergangene[nr]?|vorige[nr]?|vorigen) woche",
            ("month", -1): "(?:letzte[nm]|vergangenen|vorigen) monat",
            ("year", -1): "(?:letzte[nms]|vergangene[ns]|vorige[ns]) jahr",
            ("week", 1): "(?:nächste[nr]?|kommende[nr]?) woche",
            ("month", 1): "(?:nächsten|kommenden) monat",
            ("year", 1): "(?:nächste[ns]|kommende[ns]) jahr",
        },
        on="am|seit|bis|vom",
        last="letzte[nmr]|vergangene[nmr]|vorige[nmr]",
        next="nächste[nmr]|kommende[nmr]",
        never="jede[nmr]?|eine[nmrs]?|der|dem|den|des|ein",
        past=(
            "(?:in|während) (?:den|der)? ?(?:letzten|vergangenen) {count} {unit}"
            "|binnen der (?:letzten|vergangenen) {count} {unit}"
        ),
        about="mehr als|weniger als|fast|rund|etwa|knapp|über|gut|ungefähr|mindestens|gegen",
        units={"day": "tage[n]?", "week": "wochen", "month": "monate[n]?", "year": "jahre[n]?"},
    ),
    "es": Grammar(
        more={
            ("week", -1): "semana pasada",
            ("month", -1): "mes pasado",
            ("year", -1): "año pasado",
            ("week", 1): "próxima semana|semana próxima|semana que viene",
            ("month", 1): "próximo mes|mes próximo|mes que viene",
            ("year", 1): "próximo año|año próximo|año que viene",
        },
        on="el|este|del|hasta el|desde el",
        last="pasado",
        next="próximo|que viene",
        never="los|cada|un|todos|todo|ningún",
        past=(
            "(?:en|durante) (?:los|las) (?:{count} )?últim[oa]s (?:{count} )?{unit}"
            "|(?:en|durante) (?:la última|el último) {unit}"
        ),
        about="más de|menos de|casi|unos|unas|cerca de|alrededor de|aproximadamente",
        before_ago="desde",
        counts=dict(enumerate(_SPANISH_COUNTS, 2)),
        behind_ago="que|de",
    ),
    "fr": Grammar(
        more={
            ("week", -1): "semaine (?:dernière|passée)",
            ("month", -1): "mois (?:dernier|passé)",
            ("year", -1): "an dernier|année (?:dernière|passée)",
            ("month", 0): "ce mois",
            ("week", 1): "semaine prochaine",
            ("month", 1): "mois prochain",
            ("year", 1): "an prochain|année prochaine",
        },
        on="ce|depuis|dès|jusqu['’]à",
        needs_on=False,
        last="dernier|passé",
        next="prochain",
        never="le|les|du|un|chaque|tous|tout|au",
        past=(
            r"(?:au cours|lors) de la (?:dernière )?{unit}(?: (?:écoulée|passée))?"
            r"|(?:au cours des|ces|dans les|durant les) (?:{count} derni(?:ers|ères) {unit})"
        ),
        about="plus de|moins de|près de|environ|presque|quelque",
        behind_ago="de|d['’]|que|entre",
        counts={7: "sept"},
    ),
    "ru": Grammar(
        more={
            ("week", 0): "этой неделе|нынешней неделе",
            ("month", 0): "(?:этом|текущем) месяце",
            ("year", 0): "(?:этом|текущем|нынешнем) году",
            ("week", -1): "(?:прошлой|минувшей) неделе",
            ("month", -1): "(?:прошлом|минувшем) месяце",
            ("year", -1): "(?:прошлом|минувшем) году",
            ("week", 1): "(?:следующей|будущей) неделе",
            ("month", 1): "(?:следующем|будущем) месяце",
            ("year", 1): "(?:следующем|будущем) году",
        },
        on="в|во|в эту?",
        last="прошл(?:ый|ую|ое)|минувш(?:ий|ую|ее)",
        next="следующ(?:ий|ую|ее)|ближайш(?:ий|ую|ее)",
        never="кажд(?:ый|ую|ое)|один|одну|одно|тот|ту|то",
        past=(
            "(?:за|в) последни[ей] {count} {unit}"
            "|за (?:последн(?:ий|юю)|прошедш(?:ий|ую)|минувш(?:ий|ую)) {unit}"
        ),
        about="более|менее|больше|около|почти|примерно|свыше|порядка",
        units={"year": "лет", "day": "дней", "week": "недель", "month": "месяцев"},
    ),
    "uk": Grammar(
        more={
            ("week", 0): "цьому тижні",
            ("month", 0): "цьому місяці",
            ("year", 0): "цьому році|поточному році",
            ("week", -1): "минулому тижні",
            ("month", -1): "минулому місяці",
            ("year", -1): "минулому році",
            ("week", 1): "наступному тижні",
            ("month", 1): "наступному місяці",
            ("year", 1): "наступному році",
        },
        on="у|в|в цю|у цю",
        last="минул(?:ий|у|ої|ого)",
        next="наступн(?:ий|у|ої|ого)",
        never="кож(?:ен|ного|ну|ної)|один|одну|той|ту",
        past="(?:за|в|у|протягом) останні(?:х)? {count} {unit}|за (?:останній|минулий) {unit}",
        about="понад|більше|менше|близько|майже|приблизно",
    ),
    "fa": Grammar(
        more={
            ("week", -1): "هفته (?:گذشته|پیش|قبل)",
            ("week", 1): "هفته آینده",
            ("month", 0): "ماه جاری",
            ("year", 0): "سال جاری",
        },
        on="روز",
        last="گذشته",
        next="آینده",
        never="هر|یک",
        past="(?:در|طی) {count} {unit} (?:گذشته|اخیر)",
        about="حدود|بیش از|نزدیک به|کمتر از|تقریبا",
        behind_ago="از",
        counts={1: "یک", 2: "دو", 3: "سه", 4: "چهار", 5: "پنج", 6: "شش", 7: "هفت", 10: "ده"},
    ),
    "ar": Grammar(
        more={
            ("week", 0): "الأسبوع الجاري|الأسبوع الحالي",
            ("month", 0): "الشهر الجاري|الشهر الحالي",
            ("year", 0): "هذا العام|العام الجاري|العام الحالي|هذه السنة",
            ("week", -1): "الأسبوع المنصرم",
            ("month", -1): "الشهر المنصرم",
            ("year", -1): "العام الماضي|العام المنصرم",
            ("week", 1): "الأسبوع المقبل",
            ("month", 1): "الشهر المقبل",
            ("year", 1): "العام المقبل|العام القادم|السنة المقبلة",
        },
        on="يوم",
        last="الماضي|الفائت|المنصرم",
        next="المقبل|القادم",
        never="كل|أيام|ذات",
        about="أكثر من|نحو|حوالي|قرابة|أقل من",
        behind_ago="من",
        counts={
            1: "واحد",
            3: "ثلاثة?",
            4: "أربعة?",
            5: "خمسة?",
            6: "ستة?",
            7: "سبعة?",
            8: "ثمانية?",
        },
        units={
            "day": "أيام|يوما|يومًا",
            "week": "أسابيع",
            "month": "أشهر|شهور",
            "year": "سنوات|أعوام",
        },
    ),
}
