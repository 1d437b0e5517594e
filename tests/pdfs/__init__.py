"""What a machine can check of PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1), written from the standards, not from what writes
our PDFs. The validator that the industry uses, veraPDF, is in no registry of packages; `pdfua` is, and is asked, too.
"""

import os
from pathlib import Path

import pypdfium2

from tests.pdfs.accessible import accessible
from tests.pdfs.archive import archive

__all__ = ["complaints", "photographed"]


def complaints(pdf: bytes) -> list[str]:
    """What is wrong with a PDF, each with its clause; nothing where nothing was found."""
    return [*archive(pdf), *accessible(pdf)]


def photographed(pdf: bytes, name: str) -> None:
    """Keep a picture of the first page where STAYDOWN_PICTURES names a folder."""
    if folder := os.environ.get("STAYDOWN_PICTURES"):
        page = pypdfium2.PdfDocument(pdf)[0]
        page.render(scale=1.4).to_pil().quantize(16).save(Path(folder) / f"{name}.png", optimize=True)
