from accounts.views.applying import doctor_application
from accounts.views.pages import after_sign_in, doctor_photo, second_factor

__all__ = ["after_sign_in", "doctor_application", "doctor_photo", "second_factor"]
