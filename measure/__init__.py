"""An nn.Module in, plain data out. Nothing here knows a language, HTML or MkDocs."""
