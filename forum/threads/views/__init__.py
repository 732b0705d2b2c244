from forum.threads.views.lists import doctor, doctors, specialties, specialty, topic
from forum.threads.views.pages import about, home, privacy, robots
from forum.threads.views.search import search
from forum.threads.views.thread import thread

__all__ = [
    "about",
    "doctor",
    "doctors",
    "home",
    "privacy",
    "robots",
    "search",
    "specialties",
    "specialty",
    "thread",
    "topic",
]
