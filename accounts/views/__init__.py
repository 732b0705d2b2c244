from accounts.views.pages import after_sign_in, doctor_photo

__all__ = ["after_sign_in", "doctor_photo"]
