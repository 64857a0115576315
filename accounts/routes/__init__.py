"""Pages on which people register, sign in and look after their own account."""
