from forum.threads.views.lists import doctor, doctors, specialties, specialty, topic
from forum.threads.views.pages import home, robots
from forum.threads.views.search import search
from forum.threads.views.thread import thread

__all__ = ["doctor", "doctors", "home", "robots", "search", "specialties", "specialty", "thread", "topic"]
