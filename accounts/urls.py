from django.urls import include, path

from accounts import views

urlpatterns = [
    path("after-sign-in/", views.after_sign_in, name="after_sign_in"),
    path("doctor/", views.doctor_application, name="doctor_application"),
    path("doctor-photos/<uslug:slug>/", views.doctor_photo, name="doctor_photo"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("2fa/", include("allauth.mfa.urls")),
    path("", include("allauth.account.urls")),
]
