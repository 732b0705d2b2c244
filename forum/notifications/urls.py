from django.urls import path

from forum.notifications import views

urlpatterns = [
    path("accounts/news/", views.news, name="news"),
    path("accounts/news/read/", views.mark_news_read, name="mark_news_read"),
    path("accounts/notices/", views.notice_settings, name="notice_settings"),
    path("follow/questions/<int:question_id>/", views.follow_thread, name="follow_thread"),
    path("follow/topics/<int:topic_id>/", views.follow_topic, name="follow_topic"),
    path("follow/sent/", views.follow_sent, name="follow_sent"),
    path("follow/confirm/<str:token>/", views.confirm_follow, name="confirm_follow"),
    path("follow/<int:subscription_id>/end/", views.end_follow, name="end_follow"),
    path("notices/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
