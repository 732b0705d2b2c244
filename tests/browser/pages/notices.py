"""News, which mails somebody gets, and following by mail."""

from forum.notifications.following import follow_as
from forum.notifications.tokens import confirm_token, unsubscribe_token
from tests.browser.pages.opening import ENDLESS, page_of, press, visit
from tests.browser.scenes import full_thread, open_clinic
from tests.factories import (
    DoctorFactory,
    NoticeFactory,
    QuestionFactory,
    SubscriptionFactory,
    UserFactory,
)


@page_of
def news(window):
    clinic = open_clinic()
    patient = UserFactory()
    question = QuestionFactory(asker=patient, public_title=ENDLESS, published=True)
    for kind in ("transferred", "answered"):
        NoticeFactory(kind=kind, question=question)
    follower = follow_as(patient, topic=clinic.earlier.topics.get())
    NoticeFactory(kind="thread_news", question=clinic.earlier, user=patient, read=True)
    NoticeFactory(kind="topic_news", question=None, user=patient, subscription=follower)
    NoticeFactory.create_batch(120, kind="corrected", question=QuestionFactory(published=True, asker=patient))
    return visit(window, "/accounts/news/", user=patient)


@page_of
def news_of_a_doctor(window):
    clinic = open_clinic()
    question = QuestionFactory(specialty=clinic.specialty)
    for kind in ("new_question", "urgent", "look"):
        NoticeFactory(kind=kind, question=question, user=clinic.doctor.user)
    NoticeFactory(kind="digest", question=None, number=4, user=clinic.doctor.user, read=True)
    return visit(window, "/accounts/news/", user=clinic.doctor.user)


@page_of
def news_empty(window):
    return visit(window, "/accounts/news/", user=UserFactory())


@page_of
def notices_of_a_doctor(window):
    clinic = open_clinic()
    follow_as(clinic.doctor.user, question=clinic.earlier)
    follow_as(clinic.doctor.user, topic=clinic.earlier.topics.get())
    follow_as(clinic.doctor.user, question=QuestionFactory(hidden=True))
    return visit(window, "/accounts/notices/", user=clinic.doctor.user)


@page_of
def notices_saved(window):
    return press(visit(window, "/accounts/notices/", user=DoctorFactory().user), "Save")


@page_of
def notices_of_a_patient(window):
    return visit(window, "/accounts/notices/", user=UserFactory())


@page_of
def follow_a_thread(window):
    return visit(window, f"/follow/questions/{full_thread(open_clinic()).pk}/")


@page_of
def follow_with_errors(window):
    return press(follow_a_thread(window), "Follow")


@page_of
def follow_sent(window):
    page = follow_a_thread(window)
    page.locator("[name=email]").fill("reader@example.org")
    return press(page, "Follow")


@page_of
def follow_a_topic(window):
    return visit(window, f"/follow/topics/{open_clinic().earlier.topics.get().pk}/")


@page_of
def follow_with_an_account(window):
    return visit(window, f"/follow/questions/{open_clinic().earlier.pk}/", user=UserFactory())


@page_of
def followed_with_an_account(window):
    return press(follow_with_an_account(window), "Follow")


@page_of
def confirm_follow(window):
    token = confirm_token(SubscriptionFactory(unconfirmed=True, question=open_clinic().earlier))
    return visit(window, f"/follow/confirm/{token}/")


@page_of
def confirm_follow_confirmed(window):
    return press(confirm_follow(window), "Yes, send me mails")


@page_of
def confirm_follow_with_a_bad_link(window):
    return visit(window, "/follow/confirm/nonsense/")


@page_of
def unsubscribe(window):
    return visit(window, f"/notices/{unsubscribe_token(NoticeFactory())}/")


@page_of
def unsubscribe_done(window):
    return press(unsubscribe(window), "Stop these mails")
