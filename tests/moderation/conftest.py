from tests.chat import chat

__all__ = ["chat"]
