"""What everybody reads."""

from forum.search.services import set_topics
from tests.browser.pages.opening import ENDLESS, page_of, visit
from tests.browser.scenes import chinese_thread, full_thread, open_clinic
from tests.factories import (
    ArticleFactory,
    DoctorFactory,
    QuestionFactory,
    SpecialtyFactory,
    TopicFactory,
    image_of,
    published_thread,
)


@page_of
def home(window):
    clinic = open_clinic()
    full_thread(clinic)
    SpecialtyFactory(parent=clinic.specialty, name="Headache")
    return visit(window, "/")


@page_of
def home_of_an_empty_site(window):
    return visit(window, "/")


@page_of
def specialties(window):
    clinic = open_clinic()
    SpecialtyFactory(parent=clinic.specialty, name="Headache")
    return visit(window, "/specialties/")


@page_of
def specialty(window):
    full_thread(open_clinic())
    return visit(window, "/specialties/neurology/")


@page_of
def specialty_without_threads(window):
    SpecialtyFactory(name="Dermatology", slug="dermatology", is_open=False)
    return visit(window, "/specialties/dermatology/")


@page_of
def specialty_on_page_two(window):
    clinic = open_clinic()
    for _number in range(21):
        published_thread(specialty=clinic.specialty, reply__doctor=clinic.doctor)
    page = visit(window, "/specialties/neurology/")
    with page.expect_navigation():
        page.locator("[rel=next]").click()
    return page


@page_of
def thread(window):
    return visit(window, full_thread(open_clinic()).get_absolute_url())


@page_of
def thread_with_images(window):
    thread = full_thread(open_clinic())
    for colour in ("teal", "maroon", "olive", "navy"):
        image_of(thread, picture=colour, public=True)
    return visit(window, thread.get_absolute_url())


@page_of
def thread_in_chinese(window):
    return visit(window, chinese_thread(open_clinic()).get_absolute_url())


@page_of
def thread_as_its_doctor_sees_it_before_publication(window):
    clinic = open_clinic()
    waiting = QuestionFactory(specialty=clinic.specialty)
    return visit(window, waiting.get_absolute_url(), user=clinic.doctor.user)


@page_of
def thread_with_endless_words(window):
    question = published_thread(
        public_title=f"About {ENDLESS}",
        headline=ENDLESS,
        text=ENDLESS,
        pseudonym=ENDLESS[:40],
        reply__text=ENDLESS,
        reply__doctor__name=ENDLESS[:80],
        specialty__name=ENDLESS[:80],
    )
    ArticleFactory(question=question, html=f"<h2>{ENDLESS}</h2>", sources=[{"title": "", "url": f"https://{ENDLESS}"}])
    set_topics(question, [ENDLESS[:80]])
    return visit(window, question.get_absolute_url())


@page_of
def topic(window):
    full_thread(open_clinic())
    return visit(window, "/topics/muscle-twitching/")


@page_of
def topic_without_threads(window):
    return visit(window, TopicFactory().get_absolute_url())


@page_of
def doctors(window):
    clinic = open_clinic()
    DoctorFactory(specialties=[clinic.specialty])
    return visit(window, "/doctors/")


@page_of
def doctors_of_an_empty_site(window):
    return visit(window, "/doctors/")


@page_of
def doctor(window):
    full_thread(open_clinic())
    return visit(window, "/doctors/wu-mukhan/")


@page_of
def doctor_without_replies(window):
    return visit(window, DoctorFactory().get_absolute_url())


@page_of
def search_with_results(window):
    full_thread(open_clinic())
    return visit(window, "/search/?q=muscle+twitch&specialty=neurology&age=20-29&sex=female")


@page_of
def search_in_chinese(window):
    chinese_thread(open_clinic())
    return visit(window, "/search/?q=眼皮跳動")


@page_of
def search_without_results(window):
    return visit(window, "/search/?q=nothingofthekind&sex=male")


@page_of
def search_for_an_endless_word(window):
    published_thread(public_title=ENDLESS, text=ENDLESS, specialty__name=ENDLESS[:80])
    return visit(window, f"/search/?q={ENDLESS}")


@page_of
def search_blank(window):
    return visit(window, "/search/")
