from django.core.files.uploadhandler import FileUploadHandler

from forum.uploads.pictures import MOST_BYTES


class CutOff(FileUploadHandler):
    """Lets no file grow on this host beyond what may be sent: the rest is read and dropped.

    The form finds the file too large, as it is, and says so; a connection that is cut could say nothing.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MOST_BYTES else None

    def file_complete(self, file_size: int) -> None:
        return None
