"""What an account that is deleted leaves behind in the decisions on it, and in the site texts it has written."""

from django.db import migrations

FORGET = """
CREATE OR REPLACE FUNCTION public.history_forget_actor(rule text, actor bigint, question bigint)
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
        UPDATE public.texts_textrevision SET by_id = NULL WHERE by_id = actor;
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

CREATE OR REPLACE FUNCTION public.history_forget_in_admin_log(account bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    gone bigint;
    decided bigint;
BEGIN
    IF EXISTS (SELECT FROM public.accounts_user WHERE id = account AND is_staff) THEN
        RAISE EXCEPTION 'history does not forget this account';
    END IF;
    PERFORM set_config('consilium.erasing', 'on', true);
    DELETE FROM public.django_admin_log WHERE user_id = account OR object_id = account::text AND content_type_id = (
        SELECT id FROM public.django_content_type WHERE app_label = 'accounts' AND model = 'user'
    );
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM public.accounts_accountdecision WHERE user_id = account;
    GET DIAGNOSTICS decided = ROW_COUNT;
    PERFORM set_config('consilium.erasing', 'off', true);
    PERFORM public.history_note('account', 'public.django_admin_log', gone, NULL);
    PERFORM public.history_note('account', 'public.accounts_accountdecision', decided, NULL);
    RETURN gone + decided;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("history", "0002_records")]

    operations = [migrations.RunSQL("SET LOCAL check_function_bodies = off;" + FORGET, migrations.RunSQL.noop)]
