from django.contrib.postgres.fields import ArrayField
from django.db import models

from forum.search.models.index import EmbeddingModel


class SpecialtyModel(models.Model):
    """What the published threads of a language taught about the specialty that a text belongs to; learned anew whole.

    Everything is in the order of `specialties`, the ids at that time: one that is gone by now counts no more. The
    numbers are those of `forum.search.suggesting.method.Classifier`, `centre` and `weights` as little-endian float32.
    """

    language = models.CharField(max_length=2, primary_key=True)
    model = models.ForeignKey(EmbeddingModel, on_delete=models.CASCADE, related_name="+")
    specialties = ArrayField(models.BigIntegerField())
    names = ArrayField(models.TextField(), help_text="As whose meaning those of the specialties were taken.")
    centre = models.BinaryField()
    weights = models.BinaryField()
    biases = ArrayField(models.FloatField())
    temperature = models.FloatField()
    documents = models.PositiveIntegerField(help_text="Published threads of the language that had a vector.")
    learned_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.language
