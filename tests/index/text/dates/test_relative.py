from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.core.documents import Span
from index.text.dates.relative import MAX_MENTIONS, resolve
from index.text.dates.vocabulary import LANGUAGES

SATURDAY = date(2021, 7, 10)

# language, text, the words with their first and last day
RESOLVED = [
    ("en", "Taliban fighters on Thursday seized the town.", "on Thursday", "07-08", "07-08"),
    ("en", "The army said Friday that it held the bridge.", "Friday", "07-09", "07-09"),
    ("en", "On Monday, the council voted for the plan.", "On Monday", "07-05", "07-05"),
    ("en", "The mayor resigned on Saturday.", "on Saturday", "07-10", "07-10"),
    ("en", "Nobody has left the town since Wednesday.", "since Wednesday", "07-07", "07-07"),
    ("en", "She told reporters on Sunday she would resign.", "on Sunday", "07-04", "07-04"),
    ("en", "The shop burned on Tuesday night.", "on Tuesday", "07-06", "07-06"),
    ("en", "The court will meet on Monday.", "on Monday", "07-12", "07-12"),
    ("en", "Talks are due to resume on Wednesday.", "on Wednesday", "07-14", "07-14"),
    ("en", "He arrived by train and will leave on Thursday.", "on Thursday", "07-15", "07-15"),
    ("en", "The bridge is expected to open on Friday.", "on Friday", "07-16", "07-16"),
    ("en", "It happened yesterday, police said.", "yesterday", "07-09", "07-09"),
    ("en", "The minister resigned today.", "today", "07-10", "07-10"),
    ("en", "The minister will speak tomorrow.", "tomorrow", "07-11", "07-11"),
    ("en", "They left the day before yesterday.", "day before yesterday", "07-08", "07-08"),
    ("en", "Two days ago the dam broke.", "Two days ago", "07-08", "07-08"),
    ("en", "The dam broke 3 weeks ago.", "3 weeks ago", "06-14", "06-20"),
    ("en", "The dam broke two months ago.", "two months ago", "05-01", "05-31"),
    ("en", "In the past week, crossings fell.", "In the past week", "07-03", "07-10"),
    ("en", "Over the last three days, 40 fled.", "Over the last three days", "07-07", "07-10"),
    ("en", "More than 1,000 fled earlier this week.", "this week", "07-05", "07-11"),
    ("en", "Prices rose last month.", "last month", "06-01", "06-30"),
    ("en", "Prices rose last week.", "last week", "06-28", "07-04"),
    ("en", "Prices rose in 2019 and again this year.", "this year", "01-01", "12-31"),
    ("en", "Next month the school opens.", "Next month", "08-01", "08-31"),
    ("en", "“We took the town on Thursday,” the spokesman said.", "on Thursday", "07-08", "07-08"),
    ("de", "Der Minister trat am Donnerstag zurück.", "am Donnerstag", "07-08", "07-08"),
    ("de", "Die Brücke wurde am Dienstag gesperrt.", "am Dienstag", "07-06", "07-06"),
    ("de", "Die Brücke wird am Montag eröffnet.", "am Montag", "07-12", "07-12"),
    ("de", "Vor zwei Tagen brach der Damm.", "Vor zwei Tagen", "07-08", "07-08"),
    ("de", "Gestern brach der Damm.", "Gestern", "07-09", "07-09"),
    ("de", "Heute brach der Damm, teilte die Stadt mit.", "Heute", "07-10", "07-10"),
    ("de", "Im vergangenen Monat stiegen die Preise.", "vergangenen Monat", "06-01", "06-30"),
    ("de", "In dieser Woche fielen die Preise.", "dieser Woche", "07-05", "07-11"),
    ("de", "In diesem Jahr fielen die Preise.", "diesem Jahr", "01-01", "12-31"),
    ("de", "Am Samstag schrieben Sie, das Bad werde verkauft.", "Am Samstag", "07-10", "07-10"),
    ("de", "Am Freitag sprachen sie mit der Stadt.", "Am Freitag", "07-09", "07-09"),
    ("de", "Am Montag schlossen zwei Schulen.", "Am Montag", "07-05", "07-05"),
    ("ar", "نشرتم يوم الأربعاء أن المدرسة ستُهدم.", "يوم الأربعاء", "07-07", "07-07"),
    ("es", "El ministro dimitió el jueves.", "el jueves", "07-08", "07-08"),
    ("es", "El puente se abrirá el lunes.", "el lunes", "07-12", "07-12"),
    ("es", "Hace dos días se rompió la presa.", "Hace dos días", "07-08", "07-08"),
    ("es", "Ayer llegaron los refuerzos.", "Ayer", "07-09", "07-09"),
    ("es", "Los precios subieron el mes pasado.", "el mes pasado", "06-01", "06-30"),
    ("es", "Los precios subieron en la última semana.", "en la última semana", "07-03", "07-10"),
    ("fr", "Le ministre a démissionné jeudi.", "jeudi", "07-08", "07-08"),
    ("fr", "Le pont ouvrira lundi.", "lundi", "07-12", "07-12"),
    ("fr", "Le barrage a cédé il y a trois jours.", "il y a trois jours", "07-07", "07-07"),
    ("fr", "Hier, le barrage a cédé.", "Hier", "07-09", "07-09"),
    ("fr", "Les prix ont monté le mois dernier.", "le mois dernier", "06-01", "06-30"),
    ("ru", "Министр ушёл в отставку, сообщил он в четверг.", "в четверг", "07-08", "07-08"),
    ("ru", "В пятницу министр заявил об отставке.", "В пятницу", "07-09", "07-09"),
    ("ru", "Мост будет открыт в понедельник.", "в понедельник", "07-12", "07-12"),
    ("ru", "Вчера прорвало дамбу.", "Вчера", "07-09", "07-09"),
    ("ru", "Дамбу прорвало два дня назад.", "два дня назад", "07-08", "07-08"),
    ("ru", "Цены выросли в прошлом месяце.", "в прошлом месяце", "06-01", "06-30"),
    ("uk", "Міністр заявив про відставку в четвер.", "в четвер", "07-08", "07-08"),
    ("uk", "Учора прорвало дамбу.", "Учора", "07-09", "07-09"),
    ("uk", "Дамбу прорвало три дні тому.", "три дні тому", "07-07", "07-07"),
    ("uk", "Торік ціни зросли.", "Торік", "2020-01-01", "2020-12-31"),
    ("fa", "وزیر روز پنجشنبه استعفا داد.", "روز پنجشنبه", "07-08", "07-08"),
    ("fa", "او دیروز به کابل رسید.", "دیروز", "07-09", "07-09"),
    ("fa", "سد دو روز پیش شکست.", "دو روز پیش", "07-08", "07-08"),
    ("fa", "قیمت‌ها ماه گذشته بالا رفت.", "ماه گذشته", "06-01", "06-30"),
    ("ar", "قال الوزير يوم الخميس إنه سيستقيل.", "يوم الخميس", "07-08", "07-08"),
    ("ar", "انهار السد أمس.", "أمس", "07-09", "07-09"),
    ("ar", "انهار السد قبل يومين.", "قبل يومين", "07-08", "07-08"),
    ("ar", "ارتفعت الأسعار الشهر الماضي.", "الشهر الماضي", "06-01", "06-30"),
]

UNRESOLVED = [
    ("en", "Thursday's edition of the paper had it."),
    ("en", "The shops were full on Black Friday."),
    ("en", "He was arrested on Good Friday."),
    ("en", "It was printed in the Sunday Times."),
    ("en", "The Friday prayers ended at noon."),
    ("en", "Workers may strike, the union said."),
    ("en", "The second wave came in May."),
    ("en", "The troops marched on, and March on they did."),
    ("en", "The dam broke in 2019."),
    ("en", "The dam broke on 8 July 2021."),
    ("en", "The dam broke on Thursday, July 8."),
    ("en", "The dam broke on Thursday 8 July."),
    ("en", "The market was held on Thursdays."),
    ("en", "They met every Thursday."),
    ("en", "It was a Thursday when they came."),
    ("en", "They returned the following Monday."),
    ("en", "The office was open Monday to Friday."),
    ("en", "The museum is closed on Monday."),
    ("en", "Today, most people live in cities."),
    ("en", "“I saw him yesterday,” she said."),
    ("en", "The leaders of tomorrow learned to code."),
    ("en", "Yesterday's men, he called them."),
    ("en", "More than two years ago, he left."),
    ("en", "A few days ago, he left."),
    ("en", "He left two days before the vote."),
    ("en", "In two days they captured the town."),
    ("en", "In the last week of June, prices rose."),
    ("en", "His last year at school was hard."),
    ("en", "She said it would open on Wednesday."),
    ("en", "In 1998 the police raided the house on Thursday."),
    ("en", "They took the town last Thursday."),  # of this week, or of the one before
    ("en", "Man Friday was his companion."),
    ("en", "The month was wet, the year was dry, the day was long."),
    ("en", "Happy Mondays played in the park."),
    ("en", "The deal was planned for Tuesday."),
    ("de", "Der Markt findet jeden Donnerstag statt."),
    ("de", "Am Morgen brach der Damm."),
    ("de", "Es war ein Donnerstag, als sie kamen."),
    ("de", "Heute leben dort 500 Menschen."),
    ("de", "Vor mehr als zwei Jahren kam er."),
    ("de", "Er kam donnerstags."),
    ("de", "Die Brücke soll am Montag öffnen."),
    ("es", "El mercado abría los jueves."),
    ("es", "Llegaron por la mañana."),
    ("es", "Vive allí desde hace dos años."),
    ("es", "Hace dos años que vive allí."),
    ("fr", "Le marché a lieu le jeudi."),
    ("fr", "Il y a deux semaines de vacances."),
    ("fr", "Chaque lundi, il a travaillé."),
    ("ru", "Он приходил каждый четверг."),
    ("ru", "Четверг был дождливым."),
    ("ru", "Более двух лет назад он ушёл."),
    ("uk", "Він приходив кожен четвер."),
    ("fa", "او هر پنجشنبه آمد."),
    ("fa", "نماز جمعه برگزار شد."),
    ("ar", "صلاة الجمعة انتهت."),
    ("ar", "كان يأتي كل خميس."),
]


def day(text: str) -> date:
    return date.fromisoformat(text if len(text) > 5 else f"2021-{text}")


@pytest.mark.parametrize(("language", "text", "words", "first", "last"), RESOLVED)
def test_days_are_resolved(language: str, text: str, words: str, first: str, last: str) -> None:
    found = resolve(text, SATURDAY, language)
    assert [(text[one.span.start : one.span.end], one.first, one.last) for one in found] == [
        (words, day(first), day(last))
    ]


@pytest.mark.parametrize(("language", "text"), UNRESOLVED)
def test_what_may_be_another_day_is_left_alone(language: str, text: str) -> None:
    assert resolve(text, SATURDAY, language) == ()


@pytest.mark.parametrize(
    ("published", "text", "meant"),
    [
        (date(2021, 7, 6), "They took the town last Thursday.", date(2021, 7, 1)),
        (date(2021, 7, 5), "The vote is next Friday.", None),
        (date(2021, 7, 11), "The vote is next Friday.", date(2021, 7, 16)),
        (date(2021, 7, 8), "They took the town on Thursday.", date(2021, 7, 8)),
        (date(2021, 7, 8), "The council will meet on Thursday.", None),
        (date(2021, 3, 1), "Yesterday it snowed.", date(2021, 2, 28)),
    ],
)
def test_the_day_of_publication_decides(published: date, text: str, meant: date | None) -> None:
    assert [one.first for one in resolve(text, published, "en")] == ([meant] if meant else [])


TEXTS = st.lists(
    st.sampled_from([text for _l, text, *_ in RESOLVED] + [text for _l, text in UNRESOLVED])
    | st.text(max_size=30),
    max_size=4,
).map(" ".join)
DAYS = st.dates()
TONGUES = st.sampled_from(LANGUAGES)


@given(TEXTS, DAYS, TONGUES, st.integers(0, 10**6))
def test_days_lie_in_order_and_the_words_in_the_text(
    text: str, published: date, language: str, start: int
) -> None:
    found = resolve(text, published, language, start)
    assert len(found) <= MAX_MENTIONS
    bounds = Span(start, start + len(text))
    for one in found:
        assert one.first <= one.last
        assert bounds.covers(one.span)
        assert len(one.span)
    assert all(one.span.end <= other.span.start for one, other in pairwise(found))
    assert resolve(text, None, language, start) == ()


@given(
    st.dates(date(1900, 2, 1), date(2090, 1, 1)),
    st.integers(-52, 52),
    st.sampled_from(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]),
)
def test_weekdays_move_with_the_day_of_publication(
    published: date, weeks: int, weekday: str
) -> None:
    text = f"The town fell on {weekday.title()}."
    (one,) = resolve(text, published, "en")
    assert 0 <= (published - one.first).days < 7
    assert one.first.strftime("%A").lower() == weekday
    (other,) = resolve(text, published + timedelta(weeks=weeks), "en")
    assert other.first - one.first == timedelta(weeks=weeks)
