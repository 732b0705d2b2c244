"""The admins' figures: what the worker counts, what the screen and the sheets say of it."""

import csv
from datetime import date, datetime, timedelta
from io import StringIO
from statistics import quantiles

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from forum.moderation.figures.counting import count_week, weeks_to_count
from forum.moderation.figures.plots import cut, ticks_to
from forum.moderation.figures.reading import Choice, Figures, read_figures
from forum.moderation.figures.weeks import A_WEEK, begin, this_week, week_of, weeks_between
from forum.moderation.models import CountedWeek, WeekCount
from forum.moderation.spreadsheets import csv_lines
from forum.moderation.tasks import count_weeks, count_weeks_if_not_waiting
from forum.questions.models import DeclineReason
from forum.questions.services import ask_question
from forum.search.models import NothingFound
from forum.specialties.services import merge_specialty, undo_merge
from tests.erasing import delete_with_decisions
from tests.factories import (
    ArticleFactory,
    DoctorFactory,
    FollowUpFactory,
    SpecialtyFactory,
    UserFactory,
    published_thread,
)
from tests.html import Element, parse
from tests.moderation.made_up import Fact, World

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 6, 1)
SUNDAY = MONDAY + timedelta(days=6)
NEXT = MONDAY + A_WEEK


@pytest.fixture
def neurology():
    return SpecialtyFactory(name="Neurology", slug="neurology")


@pytest.fixture
def eyes(neurology):
    return SpecialtyFactory(name="Eyes", slug="eyes", parent=neurology)


@pytest.fixture
def ada():
    return DoctorFactory(name="Ada Lin", slug="ada-lin")


@pytest.fixture
def ben():
    return DoctorFactory(name="Ben Wu", slug="ben-wu")


@pytest.fixture
def world(neurology, eyes, ada, ben):
    """Three weeks in two specialties by two doctors, and an archive's threads."""
    skin, made = SpecialtyFactory(name="Skin", slug="skin"), World()
    quick = made.answer(MONDAY, neurology, ada, hours=2)
    made.answer(MONDAY, neurology, ada, hours=5, paused=40)
    made.answer(MONDAY, eyes, ben, hours=30)
    made.answer(SUNDAY, skin, ben, hours=16)  # into the next week
    made.answer(NEXT, skin, ada, hours=1.5)
    made.ask(MONDAY, neurology)
    made.ask(NEXT, eyes, state="needs_info")
    made.ask(NEXT, eyes, withdrawn=True)
    made.decline(NEXT, neurology, ben, "emergency")
    made.decline(NEXT, neurology, ada, "duplicate")
    made.decline(NEXT, neurology, ada, "duplicate")
    made.second(NEXT, quick, ben)
    made.help(NEXT, quick)
    archived = published_thread(specialty=skin, token_hash=None, created_at=begin(MONDAY), published_at=begin(SUNDAY))
    made.deflect(SUNDAY, archived, 3)
    made.deflect(NEXT, quick, 2)
    made.report(NEXT, archived)
    made.report(NEXT, quick, f"reply-{quick.replies.last().pk}", doctor=ben)
    made.report(NEXT, quick, f"follow-up-{FollowUpFactory(question=quick, answered=True, answered_by=ada).pk}", ada)
    ArticleFactory(question=quick, signed=True, signed_by=ben)
    made.report(NEXT, quick, "more-info", doctor=ben)
    for week in weeks_between(MONDAY, NEXT + A_WEEK):
        count_week(week)
    return made


def reckoned(facts: list[Fact]) -> Figures:
    """The same by hand."""
    numbers: dict[str, int] = {}
    for fact in facts:
        what = fact.what.replace("declined_", "declined:")
        numbers[what] = numbers.get(what, 0) + 1
    waits = [fact.hours * 3600 for fact in facts if fact.hours is not None]
    # Of one alone it is both; `quantiles` wants two.
    tenths = quantiles(waits * 2 if len(waits) == 1 else waits, n=10, method="inclusive") if waits else [None] * 9
    return Figures(numbers, tenths[4], tenths[8])


def choice(first: date = MONDAY, last: date = NEXT + A_WEEK, **chosen) -> Choice:
    return Choice(first, last, **chosen)


def grouped(facts: list[Fact], key) -> dict:
    keys = {key(fact) for fact in facts} - {None}
    return {each: reckoned([fact for fact in facts if key(fact) == each]) for each in keys}


def in_week(fact: Fact) -> date:
    return week_of(timezone.localdate(fact.at))


def test_figures_are_what_happened(world):
    summed = read_figures(choice())

    assert summed.of_all == reckoned(world.facts)
    assert summed.by_week == {NEXT + A_WEEK: Figures(), **grouped(world.facts, in_week)}
    assert summed.by_specialty == grouped(world.facts, lambda fact: fact.specialty.pk)
    assert summed.by_doctor == grouped(world.facts, lambda fact: fact.doctor and fact.doctor.pk)
    assert summed.of_all.median == 5 * 3600
    assert summed.of_all.unanswered_share == 100 * 2 / 11
    assert summed.of_all.declined == 3


def test_figures_of_a_specialty_are_those_under_it_too(world, neurology, eyes):
    facts = [fact for fact in world.facts if fact.specialty in (neurology, eyes)]

    summed = read_figures(choice(specialty=neurology))

    assert summed.of_all == reckoned(facts)
    assert summed.by_specialty == grouped(facts, lambda fact: fact.specialty.pk)


def test_figures_of_a_doctor_and_some_weeks(world, ada):
    facts = [fact for fact in world.facts if fact.doctor == ada and in_week(fact) == NEXT]

    summed = read_figures(choice(NEXT, NEXT, doctor=ada))

    assert summed.of_all == reckoned(facts)
    assert summed.by_week == {NEXT: reckoned(facts)}


def test_counting_again_changes_nothing_and_forgets_what_is_gone(world, neurology):
    before = list(WeekCount.objects.order_by("week", "specialty", "doctor", "what").values_list("what", "number"))
    for week in (MONDAY, NEXT, NEXT):
        count_week(week)
    assert (
        list(WeekCount.objects.order_by("week", "specialty", "doctor", "what").values_list("what", "number")) == before
    )

    for question in neurology.questions.filter(state="waiting"):
        delete_with_decisions(question)
    count_week(MONDAY)

    assert read_figures(choice(MONDAY, MONDAY)).of_all.numbers.get("unanswered") is None


def test_figures_move_with_a_merged_specialty(world, neurology, eyes):
    source = SpecialtyFactory(name="Brain", slug="brain")
    world.answer(MONDAY, source, DoctorFactory(), hours=7)
    count_week(MONDAY)
    before = read_figures(choice())

    merge = merge_specialty(source=source, target=eyes)

    summed = read_figures(choice())
    assert summed.of_all == before.of_all
    assert summed.by_specialty[eyes.pk].numbers["answered"] == 2
    assert summed.by_specialty[eyes.pk].median == (7 + 30) / 2 * 3600
    count_week(MONDAY)
    assert read_figures(choice()) == summed
    assert undo_merge(merge=merge, by=UserFactory(admin=True)).left == 0
    count_week(MONDAY)
    assert read_figures(choice()) == before


def test_a_question_made_anonymous_still_counts(world, neurology, ada):
    question = world.answer(MONDAY, neurology, ada, hours=3)
    question.anonymise(by=UserFactory(admin=True))
    count_week(MONDAY)

    assert read_figures(choice()).of_all == reckoned(world.facts)


@pytest.mark.parametrize(
    ("moment", "week"),
    [("2026-06-07T15:59:59+00:00", MONDAY), ("2026-06-07T16:00:00+00:00", NEXT)],
)
def test_a_week_ends_with_sunday_where_the_site_is(neurology, moment, week):
    question = published_thread(specialty=neurology)
    question.decisions.create(act="ask", made_at=datetime.fromisoformat(moment))
    for each in (MONDAY, NEXT):
        count_week(each)

    assert list(WeekCount.objects.values_list("week", "what")) == [(week, "asked")]


def test_what_the_site_itself_does_is_counted(neurology, ada):
    answers = {"specialty": neurology, "headline": "Why?", "text": "It twitches.", "pseudonym": "", "age_band": ""}
    asked = ask_question(token="t" * 32, asker=None, answers=answers).question
    asked.decline(by=ada, reason=DeclineReason.EXAMINATION)
    count_week(this_week())

    numbers = read_figures(choice(this_week(), this_week())).of_all.numbers

    assert numbers == {"asked": 1, "declined:examination": 1}


def test_nothing_happened_nothing_to_count():
    assert weeks_to_count() == []


def test_the_worker_counts_every_week_once_a_night_and_the_current_ones_by_the_hour(neurology):
    now = timezone.now()
    first = this_week() - 5 * A_WEEK
    World().ask(first, neurology)
    assert weeks_to_count() == list(weeks_between(first, this_week()))[::-1]

    count_weeks.call()
    assert weeks_to_count() == []

    CountedWeek.objects.update(counted_at=now - timedelta(hours=1))
    lately = [this_week(), this_week() - A_WEEK]
    midnight = begin(timezone.localdate())
    assert weeks_to_count()[:2] == lately
    CountedWeek.objects.exclude(week__in=lately).update(counted_at=midnight)
    assert weeks_to_count() == lately
    CountedWeek.objects.update(counted_at=midnight - timedelta(seconds=1))
    assert weeks_to_count() == list(weeks_between(first, this_week()))[::-1]


def test_a_missed_night_is_made_up_and_no_task_takes_long(neurology, monkeypatch):
    World().ask(this_week() - 3 * A_WEEK, neurology)
    monkeypatch.setattr("forum.moderation.tasks.SECONDS_A_TASK", 0)

    count_weeks.call()

    assert list(CountedWeek.objects.values_list("week", flat=True)) == [this_week()]
    assert DBTaskResult.objects.filter(task_path=count_weeks.module_path).count() == 1
    count_weeks_if_not_waiting()
    assert DBTaskResult.objects.filter(task_path=count_weeks.module_path).count() == 1


def test_searches_without_a_result_are_counted_by_day_and_language_alone(client):
    published_thread(public_title="A twitching eyelid")
    for address in (
        "q=xylophone",
        "q=quartz&age=20-29",
        "q=藍鯨骨頭鋼琴",
        "q=eyelid",
        "q=xylophone&page=2",
        "q=",
        "age=90%2B",
    ):
        client.get(f"/search/?{address}")

    today = timezone.localdate()
    assert list(NothingFound.objects.order_by("language").values_list("day", "language", "times")) == [
        (today, "en", 2),
        (today, "zh-hant", 1),
    ]
    summed = read_figures(choice(this_week(), this_week()))
    assert (summed.of_all.nothing_found, summed.by_week[this_week()].nothing_found) == (3, 3)


def test_searches_are_of_no_specialty_and_no_doctor(neurology, ada):
    NothingFound.objects.add_one("en")

    assert read_figures(choice(this_week(), this_week(), specialty=neurology)).of_all == Figures()
    assert read_figures(choice(this_week(), this_week(), doctor=ada)).of_all == Figures()


# The screen


@pytest.fixture
def admin():
    client = Client()
    client.force_login(UserFactory(admin=True))
    return client


RANGE = f"since={MONDAY}&until={NEXT}"


def screen(admin: Client, query: str = RANGE, status: int = 200) -> Element:
    answer = admin.get(f"/admin/figures/?{query}")
    assert answer.status_code == status
    return parse(answer).one("main")


def sheet(admin: Client, query: str) -> list[list[str]]:
    answer = admin.get(f"/admin/figures.csv?{query}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))


def table(element: Element) -> list[list[str]]:
    return [[cell.text for cell in row.walk() if cell.tag in ("th", "td")] for row in element.one("table").all("tr")]


def totals(page: Element) -> dict[str, str]:
    return {row.one("dt").text: row.one("dd").text for row in page.one("dl", class_="totals").all("div")}


def test_screen_tells_all_figures(world, admin):
    assert totals(screen(admin)) == {
        "Questions asked": "11",
        "Of them still unanswered": "2",
        "Unanswered (%)": "18.2",
        "Questions answered": "5",
        "Half answered within (hours)": "5.0",
        "Nine in ten within (hours)": "24.4",
        "Second replies": "1",
        "Declined": "3",
        "Declined: It may be an emergency": "1",
        "Declined: It needs an examination": "0",
        "Declined: It is outside medicine": "0",
        "Declined: It asks no question we can answer": "0",
        "Declined: It has been answered before": "2",
        "Declined: It is abusive": "0",
        "Reports": "4",
        "Replies that helped": "1",
        "Found their answer before asking": "5",
        "Searches without a result": "0",
    }


@pytest.mark.parametrize("narrowed", ["", "&specialty=neurology", "&doctor=ada-lin"])
def test_screen_and_sheet_say_the_same(world, admin, narrowed):
    page = screen(admin, RANGE + narrowed)

    by_specialty, *by_doctor = [table(section) for section in page.all(class_="wide")]
    assert spelled(sheet(admin, f"{RANGE}{narrowed}&by=specialty")) == by_specialty
    assert [spelled(sheet(admin, f"{RANGE}{narrowed}&by=doctor"))] == by_doctor or narrowed == "&doctor=ada-lin"
    by_week = spelled(sheet(admin, f"{RANGE}{narrowed}&by=week"))
    for plot in page.all("section", class_="plot"):
        if plot.all("table") and plot.one("h3").text != "Declined, by reason":
            shown = table(plot)
            places = [by_week[0].index(name) for name in shown[0]]
            assert shown == [[row[place] for place in places] for row in by_week]


def spelled(rows: list[list[str]]) -> list[list[str]]:
    """As the screen spells it."""
    return [[cell or "–" for cell in row] for row in rows]


def test_sheet_by_week(world, admin):
    head, *rows = sheet(admin, f"{RANGE}&specialty=neurology&by=week")

    assert head[:6] == [
        "Week from",
        "Questions asked",
        "Of them still unanswered",
        "Unanswered (%)",
        "Questions answered",
        "Half answered within (hours)",
    ]
    assert [row[:6] for row in rows] == [
        ["2026-06-01", "4", "1", "25.0", "3", "5.0"],
        ["2026-06-08", "5", "1", "20.0", "0", ""],
    ]


def test_of_a_doctor_only_what_is_a_doctors_is_told(world, admin):
    assert list(totals(screen(admin, f"{RANGE}&doctor=ben-wu")).items())[:5] == [
        ("Questions answered", "2"),
        ("Half answered within (hours)", "23.0"),
        ("Nine in ten within (hours)", "28.6"),
        ("Second replies", "1"),
        ("Declined", "1"),
    ]


def test_every_plot_has_words_and_a_table_and_nothing_of_its_own(world, admin):
    page = screen(admin)

    drawings = page.all("svg")
    plots = page.all("section", class_="plot")
    assert [plot.one("h3").text for plot in plots] == [
        "Questions",
        "Time to answer, in hours",
        "Unanswered, in per cent of the questions asked",
        "Reports",
        "Replies that helped",
        "Found their answer before asking",
        "Searches without a result",
        "Declined, by reason",
        "Most questions asked, by specialty",
        "Longest time to answer half, in hours, by specialty",
        "Most questions answered, by doctor",
    ]
    assert plots[0].texts("p") == [
        "Questions asked: 11 in all these weeks, between 5 and 6 a week.",
        "Questions answered: 5 in all these weeks, between 2 and 3 a week.",
    ]
    assert plots[6].texts("p") == ["Searches without a result: nothing in these weeks."]
    assert len(drawings) == len(plots) - 1
    ids = {element.attrs["id"] for element in page.walk() if "id" in element.attrs}
    for drawing in drawings:
        assert drawing.attrs["role"] == "img"
        assert set(drawing.attrs["aria-labelledby"].split()) <= ids
        assert [each.tag for each in drawing.walk() if each.tag in ("style", "script", "title", "desc")] == []
        assert [each for each in drawing.walk() if "style" in each.attrs or "id" in each.attrs] == []


def test_names_are_text_in_a_drawing(world, admin, neurology):
    neurology.name = '<script>"&'
    neurology.save()

    page = screen(admin)

    assert page.all("script") == []
    assert '<script>"&' in page.texts("text")


def test_screen_shows_half_a_year_unless_told_otherwise(admin, neurology):
    World().ask(this_week(), neurology)
    count_week(this_week())

    rows = table(screen(admin, "").all("section", class_="plot")[0])

    assert (len(rows), rows[1][0]) == (27, str(this_week() - 25 * A_WEEK))
    assert rows[-1] == [str(this_week()), "1", "0"]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("since=2026-06-08&until=2026-06-01", "This is after the last week."),
        ("since=2020-01-01&until=2026-06-01", "Two years at most: choose a later week, or an earlier last one."),
        ("since=nonsense", "Enter a valid date."),
        ("doctor=nobody", "Please choose one of the doctors in the list."),
        ("specialty=nothing", "Please choose one of the specialties in the list."),
    ],
)
def test_a_choice_that_makes_no_sense_is_told_beside_the_field(admin, query, error):
    page = screen(admin, query, status=422)

    assert page.one("ul", class_="errorlist").text == error
    assert page.all("dl") == []
    assert admin.get(f"/admin/figures.csv?{query}").status_code == 404


def test_longest_choice_is_two_years(admin):
    last = date(2026, 6, 1)
    screen(admin, f"since={last - 104 * A_WEEK}&until={last}")
    screen(admin, f"since={last - 105 * A_WEEK}&until={last}", status=422)


def test_a_sheet_by_something_else_there_is_not(admin):
    assert admin.get("/admin/figures.csv?by=patient").status_code == 404


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ('He said "no", twice', '"He said ""no"", twice"'),
        ("Neurology", "Neurology"),
        (-1, "-1"),
        (None, '""'),
    ],
)
def test_a_sheet_runs_nothing(cell, written):
    assert "".join(csv_lines(["x"], [[cell]])) == f"\ufeffx\r\n{written}\r\n"


def test_figures_are_for_admins_with_the_permission():
    user = UserFactory(is_staff=True)
    client = Client()
    client.force_login(user)
    pages = ("/admin/figures/", "/admin/figures.csv")
    assert [client.get(page).status_code for page in pages] == [403, 403]

    user.user_permissions.add(Permission.objects.get(codename="view_weekcount"))

    assert [client.get(page).status_code for page in pages] == [200, 200]
    assert [client.post(page).status_code for page in pages] == [405, 405]


@pytest.mark.parametrize("weeks", [1, 104])
def test_screen_asks_a_dozen_queries_however_much_there_is(world, admin, weeks, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        screen(admin, f"since={NEXT - weeks * A_WEEK}&until={NEXT}")


@pytest.mark.parametrize(
    ("top", "ticks"),
    [(0.02, [0, 1]), (1, [0, 1]), (5, [0, 1, 2, 3, 4, 5]), (6, [0, 2, 4, 6]), (24.4, [0, 5, 10, 15, 20, 25])],
)
def test_an_axis_has_round_numbers(top, ticks):
    assert ticks_to(top) == ticks


def test_a_long_name_is_cut_by_how_wide_it_is():
    assert cut("It asks no question we can answer") == "It asks no question we can answer"
    assert cut("神經內科" * 10) == "神經內科" * 4 + "…"
