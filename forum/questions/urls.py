from django.urls import path

from forum.questions import views

SMALL = {"thumbnail": True}

urlpatterns = [
    path("ask/", views.ask, name="ask"),
    path("ask/check/", views.check_question, name="check_question"),
    path("ask/check/personal/", views.check_personal_data, name="check_personal_data"),
    path("status/<str:token>/", views.status, name="status"),
    path("status/<str:token>/edit/", views.edit_question, name="edit_question"),
    path("status/<str:token>/images/<str:name>/", views.status_image, name="status_image"),
    path("status/<str:token>/images/<str:name>/small/", views.status_image, SMALL, name="status_image_small"),
    path("questions/<int:question_id>/images/<str:name>/", views.question_image, name="question_image"),
    path(
        "questions/<int:question_id>/images/<str:name>/small/", views.question_image, SMALL, name="question_image_small"
    ),
    path("my/questions/", views.my_questions, name="my_questions"),
    path("my/questions/<int:question_id>/", views.my_question, name="my_question"),
    path("my/questions/<int:question_id>/edit/", views.edit_my_question, name="edit_my_question"),
]
