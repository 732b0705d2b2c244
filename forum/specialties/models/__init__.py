from forum.specialties.models.directory import DirectoryVersion, renew_directory_version
from forum.specialties.models.merge import UNDO_WITHIN, MergeStep, SpecialtyMerge
from forum.specialties.models.specialty import Specialty, SpecialtyEvent, SpecialtyQuerySet, SpecialtyRedirect

__all__ = [
    "UNDO_WITHIN",
    "DirectoryVersion",
    "MergeStep",
    "Specialty",
    "SpecialtyEvent",
    "SpecialtyMerge",
    "SpecialtyQuerySet",
    "SpecialtyRedirect",
    "renew_directory_version",
]
