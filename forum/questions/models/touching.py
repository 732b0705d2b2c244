import pgtrigger

TOUCH_THREAD = """
    IF TG_OP <> 'INSERT' THEN
        UPDATE questions_question SET version = version + 1 WHERE id = OLD.question_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE questions_question SET version = version + 1 WHERE id = NEW.question_id;
    END IF;
    RETURN NULL;
"""

TOUCH_THREAD_OF_REPLY = """
    UPDATE questions_question question SET version = version + 1
    FROM replies_reply reply
    WHERE reply.id = COALESCE(NEW.reply_id, OLD.reply_id) AND question.id = reply.question_id;
    RETURN NULL;
"""


def touch_thread(*shown: str) -> pgtrigger.Trigger:
    """A trigger that renews the version of the thread a row stands on, whoever changes the row.

    Where only some columns are `shown` there, a change of the others renews nothing.
    """
    update = pgtrigger.UpdateOf(*shown) if shown else pgtrigger.Update
    return pgtrigger.Trigger(
        name="touch_thread",
        operation=pgtrigger.Insert | update | pgtrigger.Delete,
        when=pgtrigger.After,
        func=TOUCH_THREAD,
    )


def touch_thread_of_reply() -> pgtrigger.Trigger:
    """The same for what stands under a reply, which it never leaves for another."""
    return pgtrigger.Trigger(
        name="touch_thread",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.After,
        func=TOUCH_THREAD_OF_REPLY,
    )
