from accounts.permissions import is_admin


def can_delete_account(user) -> bool:
    """Everybody their own, but for admins, whose decisions carry their name: another one takes the role away first."""
    return user.is_authenticated and not is_admin(user)
