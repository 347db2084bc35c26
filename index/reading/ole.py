"""Files of Office 97 to 2003: folders of streams within one file, by olefile. Which kind is it?"""

from __future__ import annotations

from index.errors import DamagedDocument, UnsupportedDocument
from index.reading.given import Given, damage, locked

# The stream that only a kind has, and the kind.
_KINDS = (
    ("Workbook", "old_sheets"),
    ("Book", "old_sheets"),
    ("WordDocument", "old_word"),
    ("PowerPoint Document", "old PowerPoint presentation"),
    ("__properties_version1.0", "Outlook message"),
)
_LOCKED = "EncryptedPackage"
_INSTEAD = {
    "old PowerPoint presentation": "pptx",
}


def kind_of(given: Given) -> str:
    """Which reader reads it. Raises DamagedDocument, EncryptedDocument or UnsupportedDocument."""
    import olefile

    try:
        with damage(given, "old office document"), olefile.OleFileIO(given.data) as file:
            names = {path[0] for path in file.listdir() if len(path) == 1}
    except DamagedDocument:
        names = {_LOCKED} if _LOCKED.encode("utf-16-le") in given.data else set()
        if not names:
            raise
    if _LOCKED in names:
        raise locked(given)
    kind = next((kind for name, kind in _KINDS if name in names), "old office document")
    if kind in {"old_sheets", "old_word"}:
        return kind
    if kind in _INSTEAD:
        new = _INSTEAD[kind]
        mend = f"Save it as .{new}, or convert it: soffice --headless --convert-to {new} FILE."
    elif kind == "Outlook message":
        mend = "Save it in Outlook as .eml, .mht or .txt and add that."
    else:
        mend = "Open it in the program that made it, save it as PDF and add that."
    raise UnsupportedDocument(given.shown, f"it is an {kind}, which is not read", mend)
