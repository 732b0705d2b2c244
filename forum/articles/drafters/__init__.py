from forum.articles.drafters.base import Asked, Drafter, DrafterFailed, Failure, Material
from forum.articles.drafters.choice import configured_drafter

__all__ = ["Asked", "Drafter", "DrafterFailed", "Failure", "Material", "configured_drafter"]
