class BackupError(Exception):
    """No backup could be made, read or restored; the message says why, and what to do, without anybody's data."""
