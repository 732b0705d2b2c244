"""Who gets what from every address of the site."""

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLResolver, get_resolver, resolve, reverse
from django.utils import timezone

from accounts.models import DoctorRedirect
from forum.moderation.models import LookRequest
from forum.notifications.tokens import confirm_token, unsubscribe_token
from forum.questions.models import Question, State
from forum.search.models import QuestionTopic, TopicRedirect
from forum.specialties.models import SpecialtyRedirect
from tests.factories import (
    PASSWORD,
    ArticleFactory,
    CorrectionFactory,
    FollowUpFactory,
    LookRequestFactory,
    NoticeFactory,
    QuestionFactory,
    ReplyFactory,
    SavedReplyFactory,
    SubscriptionFactory,
    TopicFactory,
    image_of,
    published_thread,
)
from tests.people import ROLES, make_cast

TOKEN = "the-token-of-the-asker"
NEVER = 987_654_321

# What each role of ROLES gets, in this order: visitor, asker by token, asker, other patient, doctor of the specialty,
# doctor of another one, unverified doctor, doctor whose licence has expired, admin. Of a redirect the table tells where
# it leads; "signin" comes back to the page that was asked for, "itself" is the same page, shown by GET.
WORDS = {
    "home": "home",
    "my_data": "mydata",
    "dashboard": "queue",
    "work_on_question": "work",
    "my_questions": "mine",
    "saved_replies": "saved",
    "after_sign_in": "inside",
    "articles_to_review": "review",
    "account_login": "login",
    "account_change_password": "change",
    "account_reauthenticate": "again",
    "admin:index": "admin",
    "status": "status",
    "second_opinion": "opinion",
    "thread": "thread",
    "news": "news",
    "notice_settings": "notices",
    "follow_sent": "sent",
    "doctor_application": "apply",
}
OF_A_QUESTION = {
    "work_on_question",
    "claim_question",
    "autosave_draft",
    "check_answer",
    "machine_draft",
    "my_question",
    "edit_my_question",
    "review_article",
    "article_revisions",
    "report",
    "second_opinion",
    "autosave_second_reply",
}
TABLE = """
GET            home                   -             all 200
GET            specialties            -             all 200
GET            specialty              there         all 200
GET            specialty              moved         all 301
GET            specialty              missing       all 404
GET            specialty_feed         there         all 200
GET            specialty_feed         moved         all 301
GET            specialty_feed         missing       all 404
GET            topic                  there         all 200
GET            topic                  moved         all 301
GET            topic                  missing       all 404
GET            doctors                -             all 200
GET            doctor                 there         all 200
GET            doctor                 moved         all 301
GET            doctor                 unverified    all 404
GET            doctor                 missing       all 404
GET            doctor_photo           there         all 200
GET            doctor_photo           unverified    all 404
GET            doctor_photo           missing       all 404
GET            about                  -             all 200
GET            privacy                -             all 200
GET            search                 -             all 200
GET            latest_feed            -             all 200
GET            robots                 -             all 200
GET            sitemap                -             all 200
GET            sitemap_part           there         all 200
GET            sitemap_part           missing       all 404
GET            healthz                -             all 200
GET            readyz                 -             all 503
GET            ask                    -             all 200
GET            thread                 published     all 200
GET            thread                 old_slug      all 301
GET            thread                 waiting       404    404    200    404    200    404    404    404    200
GET            thread                 needs_info    404    404    200    404    200    404    404    404    200
GET            thread                 declined      404    404    200    404    200    404    404    404    200
GET            thread                 withdrawn     404    404    200    404    404    404    404    404    404
GET            thread                 hidden        404    404    200    404    200    404    404    404    200
GET            thread                 merged        404    404    301    404    301    404    404    404    301
GET            thread                 merged_public all 301
GET            thread                 joined        404    404    200    404    200    404    404    404    200
GET            thread                 merged_hidden 404    404    200    404    200    404    404    404    200
GET            thread                 missing       all 404
POST           thread                 published     all 405
POST           home                   -             all 405
POST           specialty              there         all 405
POST           about                  -             all 405
POST           privacy                -             all 405
POST           search                 -             all 405
POST           latest_feed            -             all 405
POST           sitemap                -             all 405
POST           ask                    empty         all 422
POST           ask                    question      all status
GET            ask_similar            -             all 200
POST           ask_similar            question      all 200
GET            ask_answered           -             all 405
POST           ask_answered           published     all thread
POST           ask_answered           waiting       all 404
POST           ask_answered           hidden        all 404
POST           ask_answered           nobodys       all 404
GET            check_question         -             all 405
POST           check_question         question      all 200
GET            check_personal_data    -             all 405
POST           check_personal_data    question      all 200
GET            status                 waiting       all 200
GET            status                 missing       all 404
POST:withdraw  status                 waiting       all itself
POST:withdraw  status                 missing       all 404
POST:answer_info status               needs_info    all itself
POST:answer_info status               waiting       all 422
POST:withdraw  status                 needs_info    all itself
POST:follow_up status                 published     all itself
POST:helped    status                 published     all itself
POST:unclear   status                 published     all itself
POST:request_removal status           published     all itself
POST:request_removal status           waiting       all itself
POST:request_removal status           missing       all 404
POST:take_back_removal status         published     all itself
POST:read_advice status               waiting       all itself
POST:nonsense  status                 waiting       all itself
GET            edit_question          waiting       all 200
GET            edit_question          published     all status
GET            edit_question          missing       all 404
POST           edit_question          waiting       all 422
POST           edit_question          missing       all 404
GET            status_image           waiting       all 200
GET            status_image           missing       all 404
POST           status_image           waiting       all 405
GET            status_image_small     waiting       all 200
GET            question_image         waiting       404    404    200    404    200    404    404    404    200
GET            question_image         published     all 200
GET            question_image         hidden        404    404    200    404    200    404    404    404    200
GET            question_image         missing       all 404
POST           question_image         published     all 405
GET            question_image_small   waiting       404    404    200    404    200    404    404    404    200
GET            question_image_small   published     all 200
GET            my_questions           -             signin signin 200    200    200    200    200    200    200
POST           my_questions           -             signin signin 405    405    405    405    405    405    405
GET            my_question            waiting       signin signin 200    404    404    404    404    404    404
POST:withdraw  my_question            waiting       signin signin itself 404    404    404    404    404    404
GET            my_question            joined        signin signin 200    404    404    404    404    404    404
POST:withdraw  my_question            joined        signin signin itself 404    404    404    404    404    404
POST:answer_info my_question          needs_info    signin signin itself 404    404    404    404    404    404
POST:follow_up my_question            published     signin signin itself 404    404    404    404    404    404
POST:helped    my_question            published     signin signin itself 404    404    404    404    404    404
POST:unclear   my_question            published     signin signin itself 404    404    404    404    404    404
POST:request_removal my_question      published     signin signin itself 404    404    404    404    404    404
POST:take_back_removal my_question    published     signin signin itself 404    404    404    404    404    404
GET            edit_my_question       waiting       signin signin 200    404    404    404    404    404    404
POST           edit_my_question       waiting       signin signin 422    404    404    404    404    404    404
GET            edit_my_question       missing       signin signin 404    404    404    404    404    404    404
GET            my_question            missing       signin signin 404    404    404    404    404    404    404
GET            dashboard              -             signin signin 403    403    200    200    403    403    403
POST           dashboard              -             signin signin 403    403    405    405    403    403    403
GET            preview_article        -             signin signin 403    403    405    405    403    403    403
POST           preview_article        -             signin signin 403    403    200    200    403    403    403
POST           check_answer           published     signin signin 403    403    200    404    403    403    403
GET            check_answer           published     signin signin 403    403    405    405    403    403    403
GET            work_on_question       waiting       signin signin 403    403    200    404    403    403    403
GET            work_on_question       needs_info    signin signin 403    403    200    404    403    403    403
GET            work_on_question       published     signin signin 403    403    200    404    403    403    403
GET            work_on_question       declined      signin signin 403    403    200    404    403    403    403
GET            work_on_question       withdrawn     signin signin 403    403    404    404    403    403    403
GET            work_on_question       hidden        signin signin 403    403    200    404    403    403    403
GET            work_on_question       merged        signin signin 403    403    200    404    403    403    403
GET            work_on_question       missing       signin signin 403    403    404    404    403    403    403
POST:save      work_on_question       waiting       signin signin 403    403    itself 404    403    403    403
POST:preview   work_on_question       waiting       signin signin 403    403    200    404    403    403    403
POST:publish   work_on_question       waiting       signin signin 403    403    queue  404    403    403    403
POST:publish   work_on_question       published     signin signin 403    403    409    404    403    403    403
POST:publish   work_on_question       withdrawn     signin signin 403    403    queue  404    403    403    403
POST:decline   work_on_question       waiting       signin signin 403    403    queue  404    403    403    403
POST:decline   work_on_question       withdrawn     signin signin 403    403    queue  404    403    403    403
POST:decline   work_on_question       needs_info    signin signin 403    403    queue  404    403    403    403
POST:claim     work_on_question       waiting       signin signin 403    403    itself 404    403    403    403
POST:claim     work_on_question       needs_info    signin signin 403    403    409    404    403    403    403
POST:release   work_on_question       waiting       signin signin 403    403    queue  404    403    403    403
POST:transfer  work_on_question       waiting       signin signin 403    403    queue  404    403    403    403
POST:transfer  work_on_question       published     signin signin 403    403    409    404    403    403    403
POST:ask_info  work_on_question       waiting       signin signin 403    403    queue  404    403    403    403
POST:ask_info  work_on_question       published     signin signin 403    403    409    404    403    403    403
POST:answer_by work_on_question       waiting       signin signin 403    403    queue  404    403    403    403
POST:answer_by work_on_question       published     signin signin 403    403    409    404    403    403    403
POST:hide_image work_on_question      published     signin signin 403    403    itself 404    403    403    403
GET            claim_question         waiting       signin signin 403    403    405    405    403    403    403
POST           claim_question         waiting       signin signin 403    403    200    404    403    403    403
POST           claim_question         published     signin signin 403    403    200    404    403    403    403
POST           claim_question         withdrawn     signin signin 403    403    404    404    403    403    403
GET            next_question          -             signin signin 403    403    work   queue  403    403    403
POST           next_question          -             signin signin 403    403    405    405    403    403    403
POST:nonsense  work_on_question       waiting       signin signin 403    403    422    404    403    403    403
POST:not_urgent work_on_question      waiting       signin signin 403    403    itself 404    403    403    403
POST:insert    work_on_question       waiting       signin signin 403    403    200    404    403    403    403
POST:keep_mine work_on_question       waiting       signin signin 403    403    itself 404    403    403    403
POST:take_other work_on_question      waiting       signin signin 403    403    itself 404    403    403    403
POST:start_from work_on_question      waiting       signin signin 403    403    200    404    403    403    403
POST:start_from work_on_question      published     signin signin 403    403    409    404    403    403    403
POST:draft_article work_on_question   waiting       signin signin 403    403    200    404    403    403    403
POST:look_again work_on_question      waiting       signin signin 403    403    200    404    403    403    403
POST:insert_draft work_on_question    waiting       signin signin 403    403    200    404    403    403    403
POST:cancel_draft work_on_question    waiting       signin signin 403    403    200    404    403    403    403
POST:cancel_draft work_on_question    withdrawn     signin signin 403    403    queue  404    403    403    403
GET            machine_draft          waiting       signin signin 403    403    200    404    403    403    403
GET            machine_draft          published     signin signin 403    403    200    404    403    403    403
GET            machine_draft          withdrawn     signin signin 403    403    404    404    403    403    403
POST           machine_draft          waiting       signin signin 403    403    405    405    403    403    403
GET            autosave_draft         waiting       signin signin 403    403    405    405    403    403    403
POST           autosave_draft         waiting       signin signin 403    403    200    404    403    403    403
POST           autosave_draft         published     signin signin 403    403    409    404    403    403    403
POST           autosave_draft         withdrawn     signin signin 403    403    404    404    403    403    403
POST           autosave_draft         missing       signin signin 403    403    404    404    403    403    403
GET            saved_replies          -             signin signin 403    403    200    200    403    403    403
POST           saved_replies          -             signin signin 403    403    itself itself 403    403    403
GET            edit_saved_reply       own           signin signin 403    403    200    404    403    403    403
POST           edit_saved_reply       own           signin signin 403    403    saved  404    403    403    403
GET            edit_saved_reply       shared        signin signin 403    403    404    404    403    403    403
POST           edit_saved_reply       shared        signin signin 403    403    404    404    403    403    403
GET            delete_saved_reply     own           signin signin 403    403    405    405    403    403    403
POST           delete_saved_reply     own           signin signin 403    403    saved  404    403    403    403
POST           delete_saved_reply     shared        signin signin 403    403    404    404    403    403    403
GET            answer_follow_up       published     signin signin 403    403    405    405    403    403    403
POST           answer_follow_up       published     signin signin 403    403    work   404    403    403    403
POST           answer_follow_up       of_another    signin signin 403    403    404    404    403    403    403
GET            my_data                -             signin signin 200    200    200    200    200    200    200
POST           my_data                -             signin signin 405    405    405    405    405    405    405
GET            export_my_data         -             signin signin 200    200    200    200    200    200    200
GET            delete_account         -             signin signin 200    200    200    200    200    200    mydata
POST           delete_account         -             signin signin 422    422    422    422    422    422    mydata
POST:right_password delete_account    -             signin signin home   home   home   home   home   home   mydata
GET            articles_to_review     -             signin signin 403    403    200    200    403    403    403
POST           articles_to_review     -             signin signin 403    403    405    405    403    403    403
GET            review_article         published     signin signin 403    403    200    404    403    403    403
GET            review_article         hidden        signin signin 403    403    404    404    403    403    403
POST:review    review_article         published     signin signin 403    403    review 404    403    403    403
POST:correct   review_article         published     signin signin 403    403    422    404    403    403    403
GET            article_revisions      published     signin signin 403    403    200    404    403    403    200
GET            article_revisions      hidden        signin signin 403    403    404    404    403    403    404
GET            correct_reply          own           signin signin 403    403    200    404    403    403    403
POST:correct   correct_reply          own           signin signin 403    403    thread 404    403    403    403
GET            correct_reply          published     signin signin 403    403    404    404    403    403    403
POST:correct   correct_reply          published     signin signin 403    403    404    404    403    403    403
POST:correct   correct_reply          reply_elsewhere signin signin 403  403    404    404    403    403    403
GET            reply_revisions        published     signin signin 403    403    200    404    403    403    200
GET            reply_revisions        hidden        signin signin 403    403    200    404    403    403    200
GET            reply_revisions        reply_elsewhere signin signin 403  403    404    404    403    403    404
POST           reply_revisions        published     signin signin 403    403    405    405    403    403    405
GET            news                   -             signin signin 200    200    200    200    200    200    200
POST           news                   -             signin signin 405    405    405    405    405    405    405
GET            mark_news_read         -             signin signin 405    405    405    405    405    405    405
POST           mark_news_read         -             signin signin news   news   news   news   news   news   news
GET            notice_settings        -             signin signin 200    200    200    200    200    200    200
POST           notice_settings        -             signin signin 404    404    itself itself itself itself 404
GET            follow_thread          published     all 200
GET            follow_thread          hidden        all 404
GET            follow_thread          waiting       all 404
GET            follow_thread          merged        all 404
GET            follow_thread          missing       all 404
POST:follow    follow_thread          published     sent   sent   itself itself itself itself itself itself itself
POST:follow    follow_thread          hidden        all 404
GET            follow_topic           there         all 200
GET            follow_topic           unused        all 404
GET            follow_topic           missing       all 404
POST:follow    follow_topic           there         sent   sent   itself itself itself itself itself itself itself
GET            follow_sent            -             all 200
POST           follow_sent            -             all 405
GET            confirm_follow         there         all 200
POST           confirm_follow         there         all itself
POST           confirm_follow         missing       all 404
GET            end_follow             own           signin signin 405    405    405    405    405    405    405
POST           end_follow             own           signin signin notices 404   404    404    404    404    404
GET            unsubscribe            there         all 200
POST           unsubscribe            there         all 200
GET            unsubscribe            missing       all 404
POST           unsubscribe            missing       all 404
GET            second_opinion         published     signin signin 403    403    200    200    403    403    403
GET            second_opinion         waiting       signin signin 403    403    404    404    403    403    403
GET            second_opinion         hidden        signin signin 403    403    404    404    403    403    403
GET            second_opinion         missing       signin signin 403    403    404    404    403    403    403
POST:save      second_opinion         published     signin signin 403    403    itself itself 403    403    403
POST:publish   second_opinion         published     signin signin 403    403    thread thread 403    403    403
POST:publish   second_opinion         waiting       signin signin 403    403    404    404    403    403    403
POST:publish   second_opinion         hidden        signin signin 403    403    404    404    403    403    403
POST:nonsense  second_opinion         published     signin signin 403    403    422    422    403    403    403
GET            autosave_second_reply  published     signin signin 403    403    405    405    403    403    403
POST           autosave_second_reply  published     signin signin 403    403    200    200    403    403    403
POST           autosave_second_reply  waiting       signin signin 403    403    404    404    403    403    403
GET            agree_with_reply       published     signin signin 403    403    405    405    403    403    403
POST           agree_with_reply       published     signin signin 403    403    opinion opinion 403    403    403
POST           agree_with_reply       hidden        signin signin 403    403    404    404    403    403    403
POST           agree_with_reply       waiting       signin signin 403    403    404    404    403    403    403
GET            take_back_agreement    published     signin signin 403    403    405    405    403    403    403
POST           take_back_agreement    published     signin signin 403    403    opinion opinion 403    403    403
POST           take_back_agreement    hidden        signin signin 403    403    404    404    403    403    403
POST:ask_look  work_on_question       waiting       signin signin 403    403    itself 404    403    403    403
POST:ask_look  work_on_question       published     signin signin 403    403    409    404    403    403    403
GET            look_at_question       asked         signin signin 403    403    404    200    403    403    403
GET            look_at_question       over          signin signin 403    403    404    404    403    403    403
GET            look_at_question       missing       signin signin 403    403    404    404    403    403    403
GET            look_image             asked         signin signin 403    403    404    200    403    403    403
GET            look_image             over          signin signin 403    403    404    404    403    403    403
POST           look_image             asked         signin signin 403    403    405    405    403    403    403
GET            look_image_small       asked         signin signin 403    403    404    200    403    403    403
GET            look_image_small       over          signin signin 403    403    404    404    403    403    403
POST:comment   look_at_question       asked         signin signin 403    403    404    queue  403    403    403
POST:comment   look_at_question       over          signin signin 403    403    404    409    403    403    403
GET            take_back_look         asked         signin signin 403    403    405    405    403    403    403
POST           take_back_look         asked         signin signin 403    403    work   404    403    403    403
POST           take_back_look         missing       signin signin 403    403    404    404    403    403    403
GET            report                 published     all 200
GET            report                 waiting       all 404
GET            report                 hidden        all 404
GET            report                 withdrawn     all 404
GET            report                 merged        all 404
GET            report                 missing       all 404
POST           report                 published     all 422
POST:report    report                 published     all thread
POST:report    report                 waiting       all 404
POST:report    report                 hidden        all 404
GET            finish_correction      own           signin signin 403    403    405    405    403    403    403
POST           finish_correction      own           signin signin 403    403    queue  404    403    403    403
GET            doctor_application     -             signin signin 200    200    200    200    200    200    200
POST           doctor_application     -             signin signin 422    422    422    422    422    422    422
POST:withdraw  doctor_application     -             signin signin itself itself itself itself itself itself itself
GET            retire                 -             signin signin 405    405    405    405    405    405    405
POST           retire                 -             signin signin 404    404    apply  apply  404    apply  404
GET            after_sign_in          -             signin signin mine   mine   queue  queue  mine   mine   admin
GET            account_login          -             200    200    inside inside inside inside inside inside inside
GET            account_logout         -             home   home   200    200    200    200    200    200    200
POST           account_logout         -             all home
GET            account_inactive       -             all 200
GET            account_signup         -             200    200    inside inside inside inside inside inside inside
GET            account_reauthenticate -             signin signin 200    200    200    200    200    200    200
GET            account_email          -             signin signin 200    200    200    200    200    200    200
GET            account_email_verification_sent -             all 200
GET            account_change_password -             signin signin 200    200    200    200    200    200    200
GET            account_set_password   -             signin signin change change change change change change change
GET            account_reset_password -             all 200
GET            account_confirm_login_code -             login  login  inside inside inside inside inside inside inside
GET            account_confirm_email  wrong_key     all 200
GET            account_reset_password_from_key wrong_key     all 200
GET            account_reset_password_from_key_done -             all 200
GET            account_reset_password_done -             all 200
GET            second_factor          -             signin signin 200    200    200    200    200    200    200
POST           second_factor          -             signin signin 405    405    405    405    405    405    405
GET            mfa_index              -             signin signin 200    200    200    200    200    200    200
GET            mfa_authenticate       -             login  login  inside inside inside inside inside inside inside
GET            mfa_reauthenticate     -             signin signin again  again  again  again  again  again  again
GET            mfa_activate_totp      -             signin signin again  again  again  again  again  again  again
GET            mfa_deactivate_totp    -             signin signin 404    404    404    404    404    404    404
GET            mfa_view_recovery_codes -            signin signin 404    404    404    404    404    404    404
GET            mfa_download_recovery_codes -        signin signin 404    404    404    404    404    404    404
GET            mfa_generate_recovery_codes -        signin signin again  again  again  again  again  again  again
GET            mfa_list_webauthn      -             signin signin 200    200    200    200    200    200    200
GET            mfa_add_webauthn       -             signin signin again  again  again  again  again  again  again
GET            mfa_reauthenticate_webauthn -        signin signin again  again  again  again  again  again  again
GET            mfa_edit_webauthn      key           signin signin again  again  again  again  again  again  again
GET            mfa_remove_webauthn    key           signin signin again  again  again  again  again  again  again
"""


def world() -> SimpleNamespace:
    cast = make_cast()
    asker, here = cast.users["asker"], cast.specialty
    ask = {"specialty": here, "asker": asker}
    published = published_thread(**ask, public_title="Twitching eyelids", token=TOKEN + "2")
    hidden = QuestionFactory(hidden=True, **ask)
    questions = {
        "published": published,
        "hidden": hidden,
        "waiting": QuestionFactory(**ask, token=TOKEN),
        "needs_info": QuestionFactory(needs_info=True, **ask, token=TOKEN + "3"),
        "declined": QuestionFactory(declined=True, **ask),
        "withdrawn": QuestionFactory(withdrawn=True, **ask),
        "merged": QuestionFactory(state=State.MERGED, merged_into=published, **ask),
        "merged_public": QuestionFactory(
            state=State.MERGED, merged_into=published, published_at=timezone.now(), public_title="Same", **ask
        ),
        "joined": QuestionFactory(state=State.MERGED, merged_into=QuestionFactory(specialty=here), **ask),
        "merged_hidden": QuestionFactory(state=State.MERGED, merged_into=hidden, **ask),
    }
    ReplyFactory(question=hidden)
    ArticleFactory(question=published, signed=True)
    SpecialtyRedirect.objects.create(old_slug="nerves", specialty=here)
    DoctorRedirect.objects.create(old_slug="nerves", old_name="Nerves", doctor=cast.users["doctor"].doctor_profile)
    doctor, unverified = (cast.users[role].doctor_profile for role in ("doctor", "unverified_doctor"))
    for each in (doctor, unverified):
        each.photo = SimpleUploadedFile("face.png", b"a picture")
        each.save()
    topic = TopicFactory(specialty=here)
    QuestionTopic.objects.create(question=published, topic=topic)
    follower = SubscriptionFactory(unconfirmed=True, question=published)
    TopicRedirect.objects.create(old_slug="nerves", topic=topic)
    images = {name: image_of(questions[name], public=name != "waiting") for name in ("waiting", "published", "hidden")}
    between = {"asked_by": doctor, "colleague": cast.users["other_doctor"].doctor_profile}
    return SimpleNamespace(
        cast=cast,
        images=images,
        doctor=doctor,
        questions=questions,
        unverified=unverified,
        topic=topic,
        topics={"there": topic, "unused": TopicFactory()},
        following={"own": SubscriptionFactory(question=published, email="", user=asker)},
        links={
            "confirm_follow": confirm_token(follower),
            "unsubscribe": unsubscribe_token(NoticeFactory(question=published)),
        },
        follow_up=FollowUpFactory(question=published),
        replies={
            "own": published_thread(specialty=here, reply__doctor=doctor).replies.get(),
            "published": published.replies.first(),
            "hidden": hidden.replies.get(),
        },
        looks={
            "asked": LookRequestFactory(question=questions["waiting"], **between),
            "over": LookRequestFactory(question=questions["declined"], **between),
            "missing": LookRequest(pk=NEVER),
        },
        correction=CorrectionFactory(question=published, doctor=doctor),
        saved_replies={"own": SavedReplyFactory(owner=doctor), "shared": SavedReplyFactory(shared=True)},
    )


def arguments(world: SimpleNamespace, name: str, which: str) -> dict:
    question = world.questions.get(which) or Question(pk=NEVER, headline="never")
    token = {"waiting": TOKEN, "published": TOKEN + "2", "needs_info": TOKEN + "3"}.get(which, "the-token-of-nobody")
    slugs = {"specialty": "neurology", "specialty_feed": "neurology", "topic": world.topic.slug}
    if which == "old_slug":
        return {"question_id": world.questions["published"].pk, "slug": "an-old-title"}
    if which == "of_another":
        return {"question_id": world.questions["waiting"].pk, "follow_up_id": world.follow_up.pk}
    if which == "wrong_key":
        return {"key": "x-y"} | ({"uidb36": "zz"} if name == "account_reset_password_from_key" else {})
    if which == "key":
        return {"pk": NEVER}
    if name in world.links:
        return {"token": world.links[name] if which == "there" else "a-token-of-nobody"}
    if name == "follow_topic":
        return {"topic_id": world.topics[which].pk if which in world.topics else NEVER}
    if name == "follow_thread":
        return {"question_id": question.pk}
    if name == "end_follow":
        return {"subscription_id": world.following[which].pk}
    if name == "thread":
        return {"question_id": question.pk, "slug": question.slug}
    if name == "answer_follow_up":
        return {"question_id": question.pk, "follow_up_id": world.follow_up.pk}
    if name in ("correct_reply", "reply_revisions"):
        return replies_arguments(world, which)
    if name in ("edit_saved_reply", "delete_saved_reply"):
        return {"saved_reply_id": world.saved_replies[which].pk}
    if name == "finish_correction":
        return {"correction_id": world.correction.pk}
    if name in ("agree_with_reply", "take_back_agreement"):
        reply = question.replies.first() if question.pk != NEVER else None
        return {"question_id": question.pk, "reply_id": reply.pk if reply else NEVER}
    if name in ("look_at_question", "take_back_look"):
        of_question = {"question_id": world.questions["waiting"].pk} if name == "take_back_look" else {}
        return of_question | {"look_id": world.looks[which].pk}
    if name in OF_A_QUESTION:
        return {"question_id": question.pk}
    if name.startswith("look_image"):
        return {"look_id": world.looks[which].pk, "name": world.images["waiting"].name}
    if "image" in name:
        image = world.images.get(which)
        owner = {"token": token} if name.startswith("status") else {"question_id": question.pk}
        return owner | {"name": image.name if image else "0" * 32}
    if name in ("status", "edit_question"):
        return {"token": token}
    if name == "sitemap_part":
        return {"section": "threads" if which == "there" else "missing"}
    if which in ("there", "moved", "missing"):
        return {"slug": {"there": slugs.get(name, world.doctor.slug), "moved": "nerves", "missing": "nothing"}[which]}
    if which == "unverified":
        return {"slug": world.unverified.slug}
    return {}


def replies_arguments(world: SimpleNamespace, which: str) -> dict:
    if which == "reply_elsewhere":
        return {"question_id": world.questions["waiting"].pk, "reply_id": world.replies["own"].pk}
    reply = world.replies[which]
    return {"question_id": reply.question_id, "reply_id": reply.pk}


def fields(world: SimpleNamespace, act: str, which: str) -> dict:
    question = world.questions["published"] if act == "answer_by" else world.questions.get(which)
    work = {"public_title": "A title", "text": "Some text.", "answer": "Yes.", "more_info": ""}
    work["reason"] = "wrong" if act == "correct" else "examination"
    work |= {"colleague": world.cast.users["other_doctor"].doctor_profile.pk}
    work |= {"to": "dermatology", "note": "A word.", "title": "Of often used words", "language": "en"}
    asked = (
        {"specialty": "neurology", "headline": "Why?", "consent": "on", "website": ""} if which == "question" else {}
    )
    asked |= {"password": PASSWORD} if act == "right_password" else {}
    asked |= {"image": world.images["published"].name}
    work |= {"new_questions": "never"} | ({"email": "reader@example.net"} if act == "follow" else {})
    report = {"reason": "danger"} if act == "report" else {}
    report |= {"kind": "remove"} if act == "request_removal" else {}
    report |= {"unclear": "What does it mean?"} if act == "unclear" else {}
    return work | asked | report | {"act": act, "thread": question.pk if question else NEVER}


def answer(response) -> str:
    """The status; of a redirect within the site the name of the page, of one to the sign-in whether it comes back."""
    if response.status_code != 302:
        return str(response.status_code)
    path, _query, coming_back = response["Location"].partition("#")[0].partition("?next=")
    if coming_back:
        known = {"account_login": "signin", "admin:login": "adminin", "account_reauthenticate": "again"}
        return known[resolve(path).view_name]
    path = path.partition("#")[0]
    return "itself" if path == response.request["PATH_INFO"] else WORDS[resolve(path).view_name]


def ask_for(world: SimpleNamespace, role: str, verb: str, url: str, data: dict) -> str:
    """What this role gets; afterwards everything is as before."""
    browser = world.cast.browser(role)
    if role == "asker_by_token":
        browser.get(reverse("status", args=[TOKEN]))
    with transaction.atomic():
        response = browser.post(url, data) if verb == "POST" else browser.get(url)
        transaction.set_rollback(True)
    return answer(response)


ROWS = [line.split() for line in TABLE.strip().splitlines()]
ADMIN_LISTS = [
    "admin:index",
    *(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist" for m in admin.site._registry),
]


def addresses(resolver: URLResolver, path: str = "/", namespace: str = "") -> Iterator[tuple[str, str]]:
    """(name, path) of each; every argument is filled in with a 1."""
    for pattern in resolver.url_patterns:
        here = path + re.sub(r"<[^>]+>", "1", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, here, f"{pattern.namespace}:" if pattern.namespace else namespace)
        else:
            yield f"{namespace}{pattern.name}", here


@pytest.mark.django_db
@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:3]))
def test_every_role_gets_the_answer_in_the_table(row):
    act, name, which, *expected = row
    verb, _colon, act = act.partition(":")
    here = world()
    url = reverse(name, kwargs=arguments(here, name, which))

    answers = [ask_for(here, role, verb, url, fields(here, act, which)) for role in ROLES]

    assert answers == (expected[1:] * len(ROLES) if expected[0] == "all" else expected)


def test_the_table_names_every_address():
    known = {name for _verb, name, *_rest in ROWS}

    missing = [name for name, _path in addresses(get_resolver()) if name not in known and not name.startswith("admin:")]

    assert missing == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ADMIN_LISTS)
def test_the_admin_site_is_for_admins(name):
    here = world()

    answers = [ask_for(here, role, "GET", reverse(name), {}) for role in ROLES]

    assert answers == ["adminin"] * 8 + ["200"]


ADMIN_PATHS = [
    path
    for name, path in addresses(get_resolver())
    if name.startswith("admin:") and "(" not in path and name not in ("admin:login", "admin:logout")
]


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_no_page_of_the_admin_site_opens_for_others(role):
    here = world()
    requests = [(verb, path) for path in [*ADMIN_PATHS, "/admin/nothing/"] for verb in ("GET", "POST")]

    answers = {(verb, path): ask_for(here, role, verb, path, {}) for verb, path in requests}

    assert answers == dict.fromkeys(requests, "adminin")
