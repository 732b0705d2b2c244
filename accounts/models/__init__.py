from accounts.models.application import (
    TYPED,
    Application,
    ApplicationChanged,
    ApplicationClosed,
    ApplicationEvent,
    ApplicationKind,
    ApplicationState,
)
from accounts.models.doctor import (
    CannotWork,
    Doctor,
    DoctorEvent,
    DoctorSpecialty,
    Licence,
    LicenceEvent,
    Standing,
)
from accounts.models.proof import LooseProof, ProofFile, read_proof
from accounts.models.user import User

__all__ = [
    "TYPED",
    "Application",
    "ApplicationChanged",
    "ApplicationClosed",
    "ApplicationEvent",
    "ApplicationKind",
    "ApplicationState",
    "CannotWork",
    "Doctor",
    "DoctorEvent",
    "DoctorSpecialty",
    "Licence",
    "LicenceEvent",
    "LooseProof",
    "ProofFile",
    "Standing",
    "User",
    "read_proof",
]
