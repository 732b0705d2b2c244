from forum.archive.own_data.exporting import own_data, write_zip
from forum.archive.own_data.forgetting import forget_account

__all__ = ["forget_account", "own_data", "write_zip"]
