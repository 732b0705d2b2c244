"""The numbers that questions are known by in public."""

from django.db import connection

POOL = 500
COUNT = "SELECT count(*) FROM questions_reservednumber"
RESERVE = """
INSERT INTO questions_reservednumber (number)
SELECT nextval(pg_get_serial_sequence('questions_question', 'id')) FROM generate_series(1, %s)
"""
TAKE = """
DELETE FROM questions_reservednumber WHERE number = (
  SELECT number FROM questions_reservednumber ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING number
"""


def take_number() -> int:
    """An id for a new question, drawn at random from the next 500 to 1,000.

    Ids given one after the other would tell in which order, and with what stands around them almost when, questions
    were asked: two that a patient asks in one sitting would be neighbours. All come from the column's own sequence.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT)
        if cursor.fetchone()[0] < POOL:
            cursor.execute(RESERVE, [POOL])
        cursor.execute(TAKE)
        return cursor.fetchone()[0]
