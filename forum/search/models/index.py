from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from pgvector.django import HalfVectorField

from forum.questions.models import Question, touch_thread


class IndexEntry(models.Model):
    """What search knows of the words of one published thread: weighted title (A), question (B), reply (C)."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, primary_key=True, related_name="index_entry")
    vector = SearchVectorField()
    crowding = models.FloatField(null=True, help_text="The mean closeness in meaning of its ten nearest threads.")
    similar_at = models.DateTimeField(null=True, help_text="When its Similar Q&A were last computed.")

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], name="index_entry_vector"),
            models.Index("question", condition=models.Q(similar_at=None), name="index_entry_unfinished"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class EmbeddingModel(models.Model):
    """An embedder as it was when it made vectors. Only vectors of one and the same are ever compared."""

    name = models.CharField(max_length=100)
    version = models.CharField(max_length=200)
    dimensions = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "version"], name="embedding_model_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def index_name(self) -> str:
        return f"search_embedding_of_model_{self.pk}"

    @property
    def type(self) -> str:
        """The column type of its vectors, as which the index holds them."""
        return f"halfvec({int(self.dimensions)})"

    def make_index(self) -> None:
        """The index over its vectors and no others'. It may be made before there are any."""
        with connection.cursor() as cursor:
            # Within a transaction that has written vectors, their keys must be checked first.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {self.index_name} ON search_embedding"
                f" USING hnsw ((vector::{self.type}) halfvec_cosine_ops) WHERE model_id = {int(self.pk)}"
            )

    def drop_index(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"DROP INDEX IF EXISTS {self.index_name}")


class Embedding(models.Model):
    """What one published thread means: its title and question as one vector of length 1."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, primary_key=True, related_name="embedding")
    # Of as many dimensions as its model has; each model has an index of its own (EmbeddingModel.make_index).
    vector = HalfVectorField()
    model = models.ForeignKey(EmbeddingModel, on_delete=models.CASCADE, related_name="embeddings")

    def __str__(self) -> str:
        return str(self.pk)


class Lexeme(models.Model):
    """How many published threads of a language hold a word (in its indexed form): the fewer, the more it tells."""

    language = models.CharField(max_length=2)
    lexeme = models.TextField()
    documents = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["language", "lexeme"], name="lexeme_once")]

    def __str__(self) -> str:
        return self.lexeme


class Spelling(models.Model):
    """A word as people write it in titles and questions, to mend typing errors by."""

    word = models.TextField(primary_key=True)
    documents = models.PositiveIntegerField()

    class Meta:
        indexes = [GinIndex(OpClass("word", name="gin_trgm_ops"), name="spelling_trigrams")]

    def __str__(self) -> str:
        return self.word


class Vocabulary(models.Model):
    """When the words of a language were last counted, and over how many threads."""

    language = models.CharField(max_length=2, primary_key=True)
    documents = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.language


class SimilarThread(models.Model):
    """One of the stored Similar Q&A of a thread, best first from rank 0."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="similar_threads")
    similar = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="similar_to")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "rank"], name="similar_rank_once"),
            models.UniqueConstraint(fields=["question", "similar"], name="similar_once"),
            models.CheckConstraint(condition=~models.Q(question=models.F("similar")), name="similar_never_itself"),
        ]
        triggers = [touch_thread()]

    def __str__(self) -> str:
        return f"{self.question_id}~{self.similar_id}"
