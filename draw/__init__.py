"""Plain data in, pictures, tables and words out, in a language. No torch, no MkDocs."""
