"""The pages about the site: the site's own words in Markdown, and how they become a page."""

from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from forum.articles.rendering import render_markdown
from forum.questions.help_lines import help_lines
from forum.texts.current import words_of
from forum.texts.placeholders import in_html

ABOUT = _(
    """\
Here you can ask a doctor a question under a name that is not your own, and read what doctors have answered \
others.

## How it works

1. You ask, without an account if you like. Answered questions that are like yours appear while you type; \
perhaps one of them is your answer already.
2. A doctor of the specialty reads your question, answers it, passes it on to another specialty, asks you \
for more, or tells you why it cannot be answered here and what to do instead.
3. When it is answered, your question and the answer become public, so that others with the same trouble \
find them.

## Who answers

Doctors under their own names. Before a doctor may answer, an admin has checked the licence; such doctors \
are marked as verified. Answers that were taken over from elsewhere carry the doctor's name without that \
mark. A longer article, “More Info”, is signed by the doctor who answers for it; where a machine drafted it \
first, the page says so.

## What it cannot do

Nobody can examine you here, and an answer may take days. What you read is general information and does not \
replace a visit to a doctor. In an emergency, call {emergency} at once.

## Something is wrong

Every page with answers has a link with which you can report what should not stand there as it does. \
Corrections of answers are dated, so that you see what is new."""
)

PRIVACY = _(
    """\
What you ask here is about your health. This page says what is kept of it, who sees it, and what you can do \
about that.

## When you ask

- **What becomes public** once a doctor has answered: your headline and text, the name you have chosen, your \
age in steps of ten years, your sex if you gave it, the day, your follow-up questions that were answered, \
and images only if both you and the doctor agreed.
- **What only doctors and admins see:** since when you have it, your medicines, other illnesses, whether you \
saw a doctor, and images that are not public.
- **Your e-mail address**, if you leave one, is shown to nobody. It serves to tell you that there is news; \
no mail says what your question is about.
- Names, telephone numbers and addresses that the site notices in your words are pointed out to you before \
you send them.
- Until a doctor has answered you can withdraw your question; then nobody reads or publishes it. Later you \
can ask the admins, on the same page, to take the thread off the site or to make it anonymous.

## The private link

Whoever has your private link can open the page of your question. The site keeps no copy of the link that \
anybody could read, so it cannot send it to you again.

## Cookies, and who else learns of your visit

Nobody else. The pages load nothing from other sites, follow no reader and show no advertisements. How often \
one address asks, searches or reports is counted for a day at most, against machines that would flood the \
site. There is one cookie that protects forms and, once you sign in, one that keeps you signed in. What you \
type into the ask form is kept in your own browser until you send it or close the page, so that it is not lost.

Links under “Share to” lead to other services; they learn of you when you follow them.

## Accounts

An account is an e-mail address and a password. *Your data* in the account gives you all that the site holds \
of you as a file, and deletes the account: questions that were never public go with it; public threads stay, \
without anything that tells whose they were.

## How long

Private questions and public threads are kept until you have them removed. Notices about them are deleted \
after some months, addresses that were typed to follow a page and never confirmed after a week. Copies made \
against loss of data are kept for some time longer.

## Who is responsible

Whoever runs this site. They can see what doctors and admins see, and they answer for it."""
)


def page_of(code: str) -> dict[str, str | SafeString]:
    """`title` and `html` of the page with this code, in the language that is active."""
    words = words_of(code)
    return {"title": words["title"], "html": in_html(_rendered(words["text"]), {"emergency": help_lines().emergency})}


@lru_cache(maxsize=16)
def _rendered(markdown: str) -> SafeString:
    return mark_safe(render_markdown(markdown))
