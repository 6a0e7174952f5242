"""Markdown with numbers, figures and formulas in, HTML out. No MkDocs, no torch."""
