from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.questions.models import Question
from forum.replies.announcements import reply_unclear

# On one reply.
MOST_UNCLEAR = 2


class UnclearQuerySet(models.QuerySet):
    @transaction.atomic
    def say(self, *, reply: "models.Model", text: str) -> bool:
        """Tell the doctor; False where the thread takes no more words, or the reply has enough of these.

        The same words are not taken twice.
        """
        question = Question.objects.select_for_update().get(pk=reply.question_id)
        there = self.filter(reply=reply)
        if there.filter(text=text).exists():
            return True
        if not (question.takes_further_words and reply.is_shown) or there.count() >= MOST_UNCLEAR:
            return False
        self.create(reply=reply, text=text)
        question.decisions.create(act="unclear", by=question.asker, reason=f"reply {reply.pk}")
        reply_unclear.send(type(reply), reply=reply)
        return True


class Unclear(models.Model):
    """What the asker does not understand in a reply, said to its doctors alone, who correct it where that helps."""

    reply = models.ForeignKey("replies.Reply", on_delete=models.CASCADE, related_name="unclear")
    text = models.TextField(_("what is unclear"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UnclearQuerySet.as_manager()

    class Meta:
        verbose_name = _("unclear point")
        verbose_name_plural = _("unclear points")
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="unclear_has_text")]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_settled(self) -> bool:
        """Whether the reply was corrected since."""
        return self.reply.corrected_at is not None and self.reply.corrected_at > self.created_at
