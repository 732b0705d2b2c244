"""What apps further up may want to know, announced in the transaction of the change: they cannot be imported here.

Whoever listens decides what comes of it. An error there undoes the change, as in a call.
"""

from django.dispatch import Signal

question_asked = Signal()  # question
question_alarms = Signal()  # question: one that has been asked before
info_answered = Signal()  # request: the InfoRequest
question_withdrawn = Signal()  # question
