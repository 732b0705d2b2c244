from accounts.models.people import (
    Doctor,
    DoctorEvent,
    DoctorSpecialty,
    Licence,
    User,
)

__all__ = ["Doctor", "DoctorEvent", "DoctorSpecialty", "Licence", "User"]
