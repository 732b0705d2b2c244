"""As forum/questions/announcements.py."""

from django.dispatch import Signal

follow_up_asked = Signal()  # question
reply_unclear = Signal()  # reply
