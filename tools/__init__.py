"""Commands that keep the checked parts of the project in step."""
