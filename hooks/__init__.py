"""What MkDocs calls while it builds. Thin: each file joins one concern to it."""
