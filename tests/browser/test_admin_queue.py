"""An admin's tasks in the queue and at the duplicates: by mouse, by keyboard alone, without scripts."""

import pytest
from playwright.sync_api import expect

from forum.moderation.models import Merge, Report
from forum.questions.models import Question
from tests.browser.hands import Keyboard, Pointer
from tests.browser.pages.opening import TOKEN
from tests.browser.scenes import full_thread, open_clinic
from tests.factories import QuestionFactory, ReportFactory, UserFactory, published_thread

HANDS = pytest.mark.parametrize(("hand", "javascript"), [(Pointer, True), (Keyboard, True), (Pointer, False)])


@HANDS
def test_an_admin_hides_two_reported_threads_at_once(open_window, hand, javascript):
    clinic = open_clinic()
    for title in ("Buy my pills", "Buy my cream"):
        ReportFactory(question=published_thread(specialty=clinic.specialty, public_title=title), reason="advertisement")
    admin = hand(open_window(user=UserFactory(admin=True), javascript=javascript))
    page = admin.page
    page.goto("/admin/")

    admin.follow("Reports and requests", within="main")
    for box in page.locator("[name=task]").all():
        if hand is Keyboard:
            admin.reach(box)
            page.keyboard.press("Space")
        else:
            box.check()
    admin.press("Go on with the chosen ones …")
    expect(page.locator(".tasks__list li")).to_contain_text(["Buy my", "Buy my"])
    hide = page.get_by_label("Hide what they are about")
    if hand is Keyboard:
        admin.reach(page.get_by_label("I am at them"))
        for _arrow in range(3):
            page.keyboard.press("ArrowDown")
    else:
        hide.check()
    expect(hide).to_be_checked()
    admin.choose("ground", "It is an advertisement")
    admin.press("Do it with all of these")

    expect(page.get_by_text("Done with 2 of them.")).to_be_visible()
    expect(page.get_by_text("Nothing waits. Well done.")).to_be_visible()
    assert Question.objects.published().filter(public_title__startswith="Buy").count() == 0
    assert Report.objects.open().count() == 0


@HANDS
def test_an_admin_merges_a_waiting_question_and_undoes_it(open_window, hand, javascript):
    clinic = open_clinic()
    thread = full_thread(clinic)
    question = QuestionFactory(specialty=clinic.specialty, headline="Twitching again", token=TOKEN)
    admin = hand(open_window(user=UserFactory(admin=True), javascript=javascript))
    page = admin.page
    page.goto("/admin/")

    admin.follow("Duplicates", within="main")
    admin.write("find", str(question.pk))
    admin.press("Find")
    admin.follow(f"#{question.pk} Twitching again", within="main")
    admin.write("find", "involuntary muscle twitches")
    admin.press("Find")
    admin.follow(f"#{thread.pk} {thread.public_title}", within="main")
    expect(page.locator(".duplicates__side")).to_contain_text(["Twitching again", thread.public_title])
    reason = page.get_by_label("It asks the same")
    if hand is Keyboard:
        admin.reach(page.get_by_label("The same person asked it twice"))
        page.keyboard.press("ArrowDown")
    else:
        reason.check()
    expect(reason).to_be_checked()
    admin.press("Merge them")

    expect(page.get_by_text("Merged. Its asker is told, as far as there is an address.")).to_be_visible()
    patient = open_window(width=360, phone=True, javascript=javascript)
    patient.goto(f"/status/{TOKEN}/")
    expect(patient.get_by_text("The same question has been answered already.")).to_be_visible()
    expect(patient.locator(".reply").first).to_contain_text("It is most likely harmless.")

    mistake = page.get_by_label("It was merged by mistake")
    if hand is Keyboard:
        admin.reach(mistake)
        page.keyboard.press("Space")
    else:
        mistake.check()
    admin.press("Undo the merge")
    expect(page.get_by_text("Undone: everything is back as it was. Its asker is told.")).to_be_visible()
    patient.reload()
    expect(patient.get_by_text("Your question waits for a doctor of Neurology.")).to_be_visible()
    assert Merge.objects.standing().count() == 0
