from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.second_factor import connect  # noqa: PLC0415 (models are there only now)

        connect()
