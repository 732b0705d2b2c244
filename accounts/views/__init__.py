from accounts.views.applying import doctor_application
from accounts.views.pages import after_sign_in, doctor_photo

__all__ = ["after_sign_in", "doctor_application", "doctor_photo"]
