from django import template

from forum.moderation.waiting import due

register = template.Library()
register.filter("due", due)
