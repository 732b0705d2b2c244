from django.urls import path

from forum.archive import views

urlpatterns = [
    path("accounts/data/", views.my_data, name="my_data"),
    path("accounts/data/export/", views.export_my_data, name="export_my_data"),
    path("accounts/delete/", views.delete_account, name="delete_account"),
]
