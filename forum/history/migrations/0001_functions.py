"""What guards the tables of history, and the only functions by which something may be erased from them.

They belong to the owner of the tables and run as it (SECURITY DEFINER), so that an application with a role of its own
needs no right to change or delete history. The setting `consilium.erasing` alone lets nobody but the owner through.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION public.history_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('consilium.erasing', true) = 'on'
       AND pg_has_role(current_user, (SELECT relowner FROM pg_catalog.pg_class WHERE oid = TG_RELID), 'USAGE') THEN
        IF TG_LEVEL = 'STATEMENT' THEN
            RETURN NULL;
        END IF;
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'history is append-only: no % of %', TG_OP, TG_TABLE_NAME;
END
$$;
"""

ERASE = """
CREATE FUNCTION public.history_note(rule text, source regclass, gone bigint, question bigint) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO public.history_erasure (rule, source, rows, question_number)
    SELECT rule, (SELECT relname FROM pg_catalog.pg_class WHERE oid = source), gone, question WHERE gone > 0;
$$;

CREATE FUNCTION public.history_erase(rule text, source regclass, pointer text, ids bigint[], question bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone bigint;
    narrower text := '';
BEGIN
    IF pointer NOT IN ('pgh_obj_id', 'question_id') OR NOT EXISTS (
        SELECT FROM pg_trigger WHERE tgrelid = source AND starts_with(tgname, 'pgtrigger_kept_but_for_erasure')
    ) THEN
        RAISE EXCEPTION 'nothing may be erased from % by %', source, pointer;
    END IF;
    IF source = 'public.questions_decision'::regclass THEN
        narrower := ' AND NOT EXISTS (SELECT FROM public.questions_question question'
                ' WHERE question.id = question_id AND question.published_at IS NOT NULL)';
    END IF;
    PERFORM set_config('consilium.erasing', 'on', true);
    EXECUTE format('DELETE FROM %s WHERE %I = ANY ($1)%s', source, pointer, narrower) USING ids;
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('consilium.erasing', 'off', true);
    PERFORM public.history_note(rule, source, gone, question);
    RETURN gone;
END
$$;

CREATE FUNCTION public.history_forget_actor(rule text, actor bigint, question bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone bigint;
    total bigint;
    source regclass;
BEGIN
    IF EXISTS (SELECT FROM public.accounts_user WHERE id = actor AND is_staff) OR (question IS NOT NULL AND NOT EXISTS (
        SELECT FROM public.questions_question asked WHERE asked.id = question AND asked.asker_id = actor
    )) THEN
        RAISE EXCEPTION 'history does not forget this account';
    END IF;
    PERFORM set_config('consilium.erasing', 'on', true);
    UPDATE public.questions_decision SET by_id = NULL
    WHERE by_id = actor AND (question IS NULL OR question_id = question);
    GET DIAGNOSTICS total = ROW_COUNT;
    PERFORM public.history_note(rule, 'public.questions_decision', total, question);
    IF question IS NULL THEN
        UPDATE public.history_export SET by_id = NULL WHERE by_id = actor;
        FOR source IN
            SELECT tgrelid FROM pg_trigger JOIN pg_attribute ON attrelid = tgrelid
            WHERE starts_with(tgname, 'pgtrigger_kept') AND attname = 'pgh_context'
        LOOP
            EXECUTE format('UPDATE %s SET pgh_context = pgh_context - ''by'' WHERE pgh_context -> ''by'' = $1', source)
            USING to_jsonb(actor);
            GET DIAGNOSTICS gone = ROW_COUNT;
            PERFORM public.history_note(rule, source, gone, NULL);
            total := total + gone;
        END LOOP;
    END IF;
    PERFORM set_config('consilium.erasing', 'off', true);
    RETURN total;
END
$$;

CREATE FUNCTION public.history_forget_in_admin_log(account bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone bigint;
BEGIN
    IF EXISTS (SELECT FROM public.accounts_user WHERE id = account AND is_staff) THEN
        RAISE EXCEPTION 'history does not forget this account';
    END IF;
    PERFORM set_config('consilium.erasing', 'on', true);
    DELETE FROM public.django_admin_log WHERE user_id = account OR object_id = account::text AND content_type_id = (
        SELECT id FROM public.django_content_type WHERE app_label = 'accounts' AND model = 'user'
    );
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('consilium.erasing', 'off', true);
    PERFORM public.history_note('account', 'public.django_admin_log', gone, NULL);
    RETURN gone;
END
$$;

CREATE FUNCTION public.history_forget_red_flags(question bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM public.questions_question asked WHERE asked.id = question AND asked.removed) THEN
        RAISE EXCEPTION 'the red flags of % are not forgotten: it was not removed', question;
    END IF;
    PERFORM set_config('consilium.erasing', 'on', true);
    UPDATE public.questions_decision SET reason = ''
    WHERE question_id = question AND act IN ('flag', 'not_urgent') AND reason <> '';
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('consilium.erasing', 'off', true);
    PERFORM public.history_note('removal', 'public.questions_decision', gone, question);
    RETURN gone;
END
$$;
"""

FUNCTIONS = (
    "history_note(text, regclass, bigint, bigint)",
    "history_erase(text, regclass, text, bigint[], bigint)",
    "history_forget_actor(text, bigint, bigint)",
    "history_forget_in_admin_log(bigint)",
    "history_forget_red_flags(bigint)",
)
# Nobody but the owner, and whom the owner lets: `restrict_history`.
CLOSED = "".join(f"REVOKE ALL ON FUNCTION public.{each} FROM PUBLIC;" for each in FUNCTIONS)
GONE = "".join(f"DROP FUNCTION public.{each};" for each in (*FUNCTIONS, "history_guard()"))


class Migration(migrations.Migration):
    dependencies = []

    # Bodies of functions are read when they first run, by when the tables they name are there.
    operations = [
        migrations.RunSQL("SET LOCAL check_function_bodies = off;" + GUARD + ERASE + CLOSED, GONE),
    ]
