"""Bad input for the whole house at once, generated from the URL map."""
