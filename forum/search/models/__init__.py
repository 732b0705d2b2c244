from forum.search.models.index import (
    Embedding,
    EmbeddingModel,
    IndexEntry,
    Lexeme,
    SimilarThread,
    Spelling,
    Vocabulary,
)
from forum.search.models.outcomes import AnswerFound, NothingFound
from forum.search.models.proposals import ProposalState, TopicProposal
from forum.search.models.specialties import SpecialtyModel
from forum.search.models.topics import (
    MOST_TOPICS,
    DefaultTopic,
    DefaultTopicEvent,
    QuestionTopic,
    Topic,
    TopicQuerySet,
    TopicRedirect,
)

__all__ = [
    "MOST_TOPICS",
    "AnswerFound",
    "DefaultTopic",
    "DefaultTopicEvent",
    "Embedding",
    "EmbeddingModel",
    "IndexEntry",
    "Lexeme",
    "NothingFound",
    "ProposalState",
    "QuestionTopic",
    "SimilarThread",
    "SpecialtyModel",
    "Spelling",
    "Topic",
    "TopicProposal",
    "TopicQuerySet",
    "TopicRedirect",
    "Vocabulary",
]
