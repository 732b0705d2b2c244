from accounts.models.application import (
    TYPED,
    Application,
    ApplicationChanged,
    ApplicationClosed,
    ApplicationEvent,
    ApplicationKind,
    ApplicationState,
)
from accounts.models.decision import AccountAct, AccountDecision
from accounts.models.doctor import (
    CannotWork,
    Doctor,
    DoctorEvent,
    DoctorRedirect,
    DoctorSpecialty,
    Licence,
    LicenceEvent,
    Standing,
)
from accounts.models.proof import LooseProof, ProofFile, read_proof
from accounts.models.user import User

__all__ = [
    "TYPED",
    "AccountAct",
    "AccountDecision",
    "Application",
    "ApplicationChanged",
    "ApplicationClosed",
    "ApplicationEvent",
    "ApplicationKind",
    "ApplicationState",
    "CannotWork",
    "Doctor",
    "DoctorEvent",
    "DoctorRedirect",
    "DoctorSpecialty",
    "Licence",
    "LicenceEvent",
    "LooseProof",
    "ProofFile",
    "Standing",
    "User",
    "read_proof",
]
