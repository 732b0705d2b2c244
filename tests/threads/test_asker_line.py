"""`Kk, 20~29 year old female. Ask Date: 2023/12/15`, whatever of it is known."""

from datetime import date

import pytest

from tests.factories import published_thread
from tests.html import parse

DAY = date(2023, 12, 15)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pseudonym", "age_band", "sex", "asked_on", "line"),
    [
        ("Kk", "20-29", "female", DAY, "Kk, 20~29 year old female. Ask Date: 2023/12/15"),
        ("Kk", "20-29", "female", None, "Kk, 20~29 year old female."),
        ("Kk", "20-29", "", DAY, "Kk, 20~29 year old. Ask Date: 2023/12/15"),
        ("Kk", "20-29", "", None, "Kk, 20~29 year old."),
        ("Kk", "", "male", DAY, "Kk, male. Ask Date: 2023/12/15"),
        ("Kk", "", "male", None, "Kk, male."),
        ("Kk", "", "", DAY, "Kk. Ask Date: 2023/12/15"),
        ("Kk", "", "", None, "Kk."),
        ("", "20-29", "other", DAY, "20~29 year old other. Ask Date: 2023/12/15"),
        ("", "20-29", "female", None, "20~29 year old female."),
        ("", "20-29", "", DAY, "20~29 year old. Ask Date: 2023/12/15"),
        ("", "20-29", "", None, "20~29 year old."),
        ("", "", "female", DAY, "female. Ask Date: 2023/12/15"),
        ("", "", "female", None, "female."),
        ("", "", "", DAY, "Ask Date: 2023/12/15"),
        ("", "", "", None, ""),
        ("Kk", "0-9", "male", DAY, "Kk, 0~9 year old male. Ask Date: 2023/12/15"),
        ("Kk", "90+", "female", DAY, "Kk, 90+ year old female. Ask Date: 2023/12/15"),
    ],
)
def test_the_asker_line_leaves_out_what_is_unknown(client, pseudonym, age_band, sex, asked_on, line):
    question = published_thread(pseudonym=pseudonym, age_band=age_band, sex=sex, asked_on=asked_on)

    page = parse(client.get(question.get_absolute_url()))

    assert page.one(id="question").texts(class_="asker-line") == ([line] if line else [""])
