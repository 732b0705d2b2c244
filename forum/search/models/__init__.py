from forum.search.models.index import IndexEntry, SimilarThread
from forum.search.models.topics import QuestionTopic, Topic, TopicQuerySet, TopicRedirect

__all__ = ["IndexEntry", "QuestionTopic", "SimilarThread", "Topic", "TopicQuerySet", "TopicRedirect"]
