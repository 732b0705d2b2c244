"""Every page of the contract in every state it has: each function sets its scene and opens it in a window."""

from collections.abc import Callable
from datetime import timedelta

from django.template.loader import render_to_string
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Doctor
from forum.moderation.services import claim_question
from forum.questions.models import DeclineReason, Question, State
from forum.replies.models import Draft
from forum.search.services import set_topics
from tests.browser.scenes import chinese_thread, full_thread, more_answers, open_clinic, suggested
from tests.factories import (
    ArticleFactory,
    DoctorFactory,
    FollowUpFactory,
    InfoRequestFactory,
    QuestionFactory,
    SavedReplyFactory,
    SpecialtyFactory,
    TopicFactory,
    UserFactory,
    published_thread,
)

TOKEN = "a-private-link-for-tests"
ENDLESS = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 4
Window = Callable[..., Page]
PAGES: dict[str, Callable[[Window], Page]] = {}


def page_of(scene: Callable[[Window], Page]) -> Callable[[Window], Page]:
    PAGES[scene.__name__] = scene
    return scene


def visit(window: Window, path: str, **person) -> Page:
    page = window(**person)
    page.goto(path)
    return page


def press(page: Page, words: str) -> Page:
    """Press a button that leads to a page."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=words, exact=True).click()
    return page


# ---------------------------------------------------------------- for readers


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


# ---------------------------------------------------------------- for patients


@page_of
def ask(window):
    open_clinic()
    return visit(window, "/ask/?specialty=neurology")


@page_of
def ask_with_errors(window):
    open_clinic()
    return press(visit(window, "/ask/"), "Send my question")


TYPED = {"headline": "My eyelid is twitching", "text": "My eyelid keeps twitching."}


def typed(page: Page) -> Page:
    for name, words in TYPED.items():
        page.locator(f"[name={name}]").fill(words)
    return page


@page_of
def ask_with_answers_found_while_typing(window):
    clinic = open_clinic()
    more_answers(clinic)
    page = typed(visit(window, "/ask/"))
    page.locator("#similar-answers h2").wait_for()
    return page


@page_of
def ask_with_specialties_to_choose_from(window):
    more_answers(open_clinic())
    with suggested("ophthalmology", "neurology"):
        page = typed(visit(window, "/ask/"))
        page.get_by_role("button", name="Neurology").click()
    return page


def looked(window: Window, **words: str) -> Page:
    """The page that the button for those without scripts leads to; axe itself needs them."""
    page = window()
    page.route("**/js/ask*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/ask/")
    for name, text in words.items():
        page.locator(f"[name={name}]").fill(text)
    return press(page, "See whether this has been answered")


@page_of
def ask_with_answers_without_scripts(window):
    more_answers(open_clinic())
    return looked(window, **TYPED)


@page_of
def ask_without_answers_without_scripts(window):
    open_clinic()
    return looked(window, text="nothing of the kind")


@page_of
def ask_while_no_specialty_takes_questions(window):
    return visit(window, "/ask/")


def status_page(window: Window, **question) -> Page:
    QuestionFactory(token=TOKEN, **question)
    return visit(window, f"/status/{TOKEN}/")


@page_of
def status_waiting(window):
    return status_page(window)


@page_of
def status_transferred(window):
    asked = QuestionFactory(token=TOKEN)
    asked.transfer(by=DoctorFactory(), to=SpecialtyFactory(name="Dermatology"), note="For the next doctor.")
    return visit(window, f"/status/{TOKEN}/")


@page_of
def status_asked_for_more(window):
    return status_page(window, needs_info=True)


@page_of
def status_asked_for_more_with_errors(window):
    return press(status_asked_for_more(window), "Send my answer")


@page_of
def status_waiting_again(window):
    return press(answer_typed(status_asked_for_more(window)), "Send my answer")


def answer_typed(page: Page) -> Page:
    page.locator("[name=text]").fill("Since March.")
    return page


@page_of
def status_declined(window):
    return status_page(window, declined=True, decline_note="Please have it looked at.")


@page_of
def status_declined_as_an_emergency(window):
    return status_page(window, declined=True, decline_reason=DeclineReason.EMERGENCY)


@page_of
def status_withdrawn(window):
    return status_page(window, withdrawn=True)


@page_of
def status_hidden(window):
    return status_page(window, hidden=True)


@page_of
def status_merged(window):
    earlier = open_clinic().earlier
    return status_page(window, state=State.MERGED, merged_into=earlier)


def answered_question() -> Question:
    """Answered, with one follow-up answered and one waiting."""
    clinic = open_clinic()
    question = published_thread(specialty=clinic.specialty, token=TOKEN, reply__doctor=clinic.doctor)
    FollowUpFactory(question=question, answered=True, answered_by=clinic.doctor)
    FollowUpFactory(question=question)
    return question


@page_of
def status_answered(window):
    answered_question()
    return visit(window, f"/status/{TOKEN}/")


@page_of
def status_answered_and_helped(window):
    answered_question()
    return press(visit(window, f"/status/{TOKEN}/"), "This helped me")


@page_of
def status_with_errors(window):
    answered_question()
    return press(visit(window, f"/status/{TOKEN}/"), "Send")


@page_of
def my_questions(window):
    patient = UserFactory()
    QuestionFactory(asker=patient)
    QuestionFactory(asker=patient, declined=True)
    return visit(window, "/my/questions/", user=patient)


@page_of
def my_questions_empty(window):
    return visit(window, "/my/questions/", user=UserFactory())


@page_of
def my_question(window):
    question = QuestionFactory(asker=UserFactory())
    return visit(window, f"/my/questions/{question.pk}/", user=question.asker)


# ---------------------------------------------------------------- for doctors


@page_of
def dashboard(window):
    clinic = open_clinic()
    drafted = QuestionFactory(specialty=clinic.specialty)
    QuestionFactory(specialty=clinic.specialty, language="zh-hant", headline="肌肉一直跳動")
    Draft.objects.create(question=drafted, doctor=clinic.doctor, text="Begun")
    FollowUpFactory(question=clinic.earlier)
    return visit(window, "/dashboard/?specialty=neurology", user=clinic.doctor.user)


@page_of
def dashboard_with_every_mark(window):
    clinic = open_clinic()
    colleague = DoctorFactory(name="Ada Lin", specialties=[clinic.specialty])
    ask = {"specialty": clinic.specialty}
    waited = [QuestionFactory(**ask, created_at=timezone.now() - timedelta(hours=hours)) for hours in (90, 30, 20, 1)]
    for question, holder in zip(waited, (colleague, clinic.doctor), strict=False):
        claim_question(question=question, doctor=holder)
    InfoRequestFactory(question=waited[2], asked_by=clinic.doctor, answered=True)
    waited[3].transfer(by=colleague, to=SpecialtyFactory(parent=clinic.specialty))
    return visit(window, "/dashboard/", user=clinic.doctor.user)


@page_of
def dashboard_with_the_keys_shown(window):
    page = dashboard(window)
    page.get_by_role("button", name="Keyboard").click()
    return page


@page_of
def dashboard_narrowed_to_nothing(window):
    return visit(window, "/dashboard/?show=mine&q=eye", user=open_clinic().doctor.user)


@page_of
def dashboard_with_endless_words(window):
    clinic = open_clinic()
    QuestionFactory(specialty=clinic.specialty, headline=ENDLESS)
    FollowUpFactory(question=clinic.earlier, text=ENDLESS)
    return visit(window, "/dashboard/", user=clinic.doctor.user)


@page_of
def dashboard_empty(window):
    return visit(window, "/dashboard/", user=open_clinic().doctor.user)


@page_of
def dashboard_for_a_patient(window):
    return visit(window, "/dashboard/", user=UserFactory())


def work_page(window: Window, **question) -> Page:
    """A doctor's window on a question with all that a patient can say."""
    clinic = open_clinic()
    asked = QuestionFactory(
        specialty=clinic.specialty,
        duration="one week",
        medication="Ibuprofen",
        conditions="Asthma",
        seen_doctor="no",
        **question,
    )
    return visit(window, f"/dashboard/questions/{asked.pk}/", user=clinic.doctor.user)


@page_of
def work_on_a_waiting_question(window):
    return work_page(window)


@page_of
def work_on_a_question_in_chinese(window):
    return work_page(window, language="zh-hant", headline="肌肉一直跳動", text="我的眼皮一直跳動。")


@page_of
def work_on_a_question_that_is_different(window):
    seen = [published_thread(public_title=title).pk for title in ("Twitching Eyelids", ENDLESS)]
    return work_page(window, similar_seen=seen, different_because="I am older than they are.")


@page_of
def work_with_errors(window):
    page = work_page(window)
    page.locator("[name=more_info]").fill("## Causes")
    page.locator("[name=sources]").fill("no address")
    return press(page, "Publish")


@page_of
def work_with_the_preview(window):
    page = work_page(window)
    page.locator("[name=more_info]").fill("## Causes\n\n1. **Tiredness**: sleep more.")
    return press(page, "Save and preview More Info")


@page_of
def work_about_to_decline(window):
    page = work_page(window)
    page.get_by_text("Decline this question").click()
    return page


@page_of
def work_about_to_pass_it_on(window):
    SpecialtyFactory(name="Dermatology")
    page = work_page(window)
    page.get_by_text("Pass it on to another specialty").click()
    page.get_by_text("Ask the patient for more").click()
    return press(page, "Ask the patient")


@page_of
def work_on_what_a_colleague_holds(window):
    clinic = open_clinic()
    asked = QuestionFactory(specialty=clinic.specialty)
    claim_question(question=asked, doctor=DoctorFactory(name="Ada Lin", specialties=[clinic.specialty]))
    return visit(window, f"/dashboard/questions/{asked.pk}/", user=clinic.doctor.user)


@page_of
def work_on_a_question_that_came_back(window):
    clinic = open_clinic()
    asked = QuestionFactory(specialty=SpecialtyFactory(), text="My eyelid keeps twitching in the evening.")
    asked.transfer(by=DoctorFactory(), to=clinic.specialty, note="Rather yours than mine.")
    InfoRequestFactory(question=asked, asked_by=clinic.doctor, answered=True)
    return visit(window, f"/dashboard/questions/{asked.pk}/", user=clinic.doctor.user)


@page_of
def work_on_a_question_that_is_with_the_patient(window):
    return work_page(window, needs_info=True)


@page_of
def work_on_a_declined_question(window):
    return work_page(window, declined=True)


@page_of
def work_with_endless_words(window):
    return work_page(window, headline=ENDLESS, text=ENDLESS, pseudonym=ENDLESS[:40])


@page_of
def work_with_the_history_open(window):
    clinic = open_clinic()
    asked = QuestionFactory(specialty=clinic.specialty)
    asked.decline(by=clinic.doctor, reason=DeclineReason.EXAMINATION, note="Please see a doctor.")
    page = visit(window, f"/dashboard/questions/{asked.pk}/", user=clinic.doctor.user)
    page.get_by_text("History").click()
    return page


@page_of
def work_on_a_published_question(window):
    question = answered_question()
    return visit(window, f"/dashboard/questions/{question.pk}/", user=question.replies.get().doctor.user)


@page_of
def work_with_an_empty_answer_to_a_follow_up(window):
    question = answered_question()
    page = visit(window, f"/dashboard/questions/{question.pk}/", user=question.replies.get().doctor.user)
    return press(page, "Publish the answer")


WANTS_ALL = "My eyelid twitches. Should I worry? Can I drink coffee? Is it my muscle, or a nerve?"
NAMES_SOMEBODY = (
    "Please call Mrs. Chen on 0912 345 678. Notwithstanding considerable diagnostic uncertainty, electromyographic "
    "examination substantiates idiopathic fasciculation, characteristically self-limiting, necessitating reassurance "
    "and, where appropriate, subsequent reevaluation."
)


@page_of
def work_with_the_aids_open(window):
    clinic = open_clinic()
    SavedReplyFactory(owner=clinic.doctor, title="Tired muscles")
    SavedReplyFactory(shared=True, title=ENDLESS[:100])
    asked = QuestionFactory(specialty=clinic.specialty, text=WANTS_ALL)
    page = visit(window, f"/dashboard/questions/{asked.pk}/", user=clinic.doctor.user)
    page.get_by_text("Outline and saved replies").click()
    page.get_by_text("What the patient asks").click()
    page.locator("[name=text]").fill(NAMES_SOMEBODY)
    page.get_by_text("looks like a phone number").wait_for()
    return page


@page_of
def work_with_questions_left_open(window):
    page = work_page(window, text=WANTS_ALL)
    page.locator("[name=public_title]").fill("Twitching")
    page.locator("[name=text]").fill("It is harmless.")
    return press(page, "Publish")


@page_of
def work_with_two_versions(window):
    page = work_page(window)
    page.locator("[name=text]").fill("Typed here.")
    Draft.objects.create(
        question=Question.objects.waiting().get(), doctor=Doctor.objects.get(slug="wu-mukhan"), text=ENDLESS
    )
    page.get_by_role("button", name="Keep mine").wait_for()
    return page


@page_of
def saved_replies(window):
    clinic = open_clinic()
    SavedReplyFactory(owner=clinic.doctor, title="Tired muscles")
    SavedReplyFactory(owner=clinic.doctor, title=ENDLESS[:100], text=ENDLESS)
    SavedReplyFactory(shared=True, title="疲勞", text="{name}您好：", language="zh-hant")
    page = visit(window, "/dashboard/saved-replies/", user=clinic.doctor.user)
    page.get_by_text("Tired muscles").click()
    return page


@page_of
def saved_replies_with_errors(window):
    page = visit(window, "/dashboard/saved-replies/", user=open_clinic().doctor.user)
    return press(page, "Add")


@page_of
def edit_saved_reply(window):
    saved = SavedReplyFactory()
    return visit(window, f"/dashboard/saved-replies/{saved.pk}/", user=saved.owner.user)


# ---------------------------------------------------------------- accounts


@page_of
def sign_in(window):
    return visit(window, "/accounts/login/")


@page_of
def sign_in_refused(window):
    page = visit(window, "/accounts/login/")
    page.locator("[name=login]").fill("nobody@example.org")
    page.locator("[name=password]").fill("wrong")
    return press(page, "Sign In")


@page_of
def sign_up(window):
    return visit(window, "/accounts/signup/")


def signed_up(window: Window, password: str) -> Page:
    page = visit(window, "/accounts/signup/")
    page.locator("[name=email]").fill("new.patient@example.org")
    page.locator("[name=password1]").fill(password)
    page.locator("[name=password2]").fill(password)
    return press(page, "Sign Up")


@page_of
def sign_up_refused(window):
    return signed_up(window, "12345")


@page_of
def sign_up_wants_the_address_confirmed(window):
    return signed_up(window, "a-long-password-for-tests")


@page_of
def e_mail_confirmation_that_is_no_longer_valid(window):
    return visit(window, "/accounts/confirm-email/expired/")


@page_of
def sign_out(window):
    return visit(window, "/accounts/logout/", user=UserFactory())


@page_of
def account_menu(window):
    user = open_clinic().doctor.user
    user.is_staff = True
    user.save()
    page = visit(window, "/doctors/", user=user)
    page.get_by_text("Account").click()
    return page


@page_of
def password_reset(window):
    return visit(window, "/accounts/password/reset/")


@page_of
def password_reset_sent(window):
    return visit(window, "/accounts/password/reset/done/")


@page_of
def password_reset_with_a_bad_link(window):
    return visit(window, "/accounts/password/reset/key/1-bad-key/")


@page_of
def password_change(window):
    return visit(window, "/accounts/password/change/", user=UserFactory())


@page_of
def e_mail_addresses(window):
    return visit(window, "/accounts/email/", user=UserFactory())


# ---------------------------------------------------------------- when something is not as expected


@page_of
def not_found(window):
    return visit(window, "/questions/999/no-such-thread/")


@page_of
def form_had_expired(window):
    open_clinic()
    page = visit(window, "/ask/")
    page.context.clear_cookies()
    return press(page, "Send my question")


def in_place_of_home(window: Window, template: str) -> Page:
    """A page that no address leads to, as it would be answered at the home page's."""
    page = window()
    html = render_to_string(template)
    page.route("**/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.goto("/")
    return page


@page_of
def not_allowed(window):
    return in_place_of_home(window, "403.html")


@page_of
def bad_request(window):
    return in_place_of_home(window, "400.html")


@page_of
def too_many_requests(window):
    return in_place_of_home(window, "429.html")


@page_of
def something_went_wrong(window):
    return in_place_of_home(window, "500.html")
