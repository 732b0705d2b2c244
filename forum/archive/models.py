from django.db import models

from forum.questions.models import Question


class ImportedLine(models.Model):
    """The archive line that a thread was last imported from, as a digest.

    The same line again changes nothing, so what doctors and admins did to the thread since then stays.
    """

    question = models.OneToOneField(Question, on_delete=models.CASCADE, primary_key=True, related_name="imported_line")
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.pk)
