"""Drafts: opened, saved as one types, carried over to a new base, taken from folders and back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from api.service.authoring import changes as changing
from api.service.authoring import steps, trees
from api.service.authoring.changes import Changes
from api.service.authoring.office import Office, StatusError, changes_of
from api.service.authoring.paths import MAX_FILES, check_path, check_text
from api.service.people import Person
from api.service.policy import WRITE, need_duty
from api.store.drafts import Draft, Saving, State
from api.store.sources import Tree
from engine.declaration.problems import malformed

MAX_TITLE = 200

NEW, FOLDER, FORMER = "new", "folder", "former release"
"""What a draft was opened from."""


class CarryError(Exception):
    """Files that the draft changes were changed by another release; *paths* are those files."""

    def __init__(self, paths: tuple[str, ...], release: str) -> None:
        self.paths, self.release = paths, release
        super().__init__(
            f"{', '.join(paths)}: changed since by the release {release}; "
            "say for each of them what it shall be now"
        )


def open_draft(office: Office, person: Person, title: str, origin: str = NEW) -> Draft:
    """Open a draft of the release in force. Raises `ForbiddenError`, `MalformedError`."""
    return _opened(office, person, title, {}, origin)


def save(
    office: Office, person: Person, draft: str, revision: int, path: str, text: str | None
) -> Draft:
    """Save one file over the *revision* that was seen; no text: the file goes.

    Raises `RevisionError`, which says who saved meanwhile and when; `MalformedError` for a path or
    text that no draft may write; `ForbiddenError`; `StatusError` for a draft that is in force.
    """
    need_duty(person, WRITE)
    _check_open(office, draft)
    found, files = office.store.authoring.files(draft)
    tree = office.store.authoring.tree(found.base)
    changed = {**changes_of(files.values()), path: text}
    if text is not None:
        kept = changing.applied(dict.fromkeys(tree, b""), changed)
        check_path(path, kept)
        check_text(text)
    elif path not in tree and path not in files:
        raise malformed("/path", f"there is no `{path[:80]}`", "name a file that is there")
    if len(changed) > MAX_FILES:
        raise malformed("/path", "this draft touches too many files", "open another")
    return office.store.authoring.save_draft(
        draft, revision, _saving(office, person, {path: text}, tree)
    )


def entitle(office: Office, person: Person, draft: str, revision: int, title: str) -> Draft:
    """Give a draft another title: a revision of its own. Raises as `save` does."""
    need_duty(person, WRITE)
    _check_open(office, draft)
    saving = _saving(office, person, {}, {}, title=_checked(title))
    return office.store.authoring.save_draft(draft, revision, saving)


def export(office: Office, release: str, folder: Path) -> None:
    """Write the files of a release that is kept to a folder that is empty.

    Raises `MissingError` where its files are not kept, `MalformedError` for the folder.
    """
    trees.write(office.store.authoring.tree(release), folder)


def import_folder(office: Office, person: Person, title: str, folder: Path) -> Draft:
    """Open a draft of what the files of a folder change of the release in force.

    Raises `MalformedError` where more than rules and tables differs; `ForbiddenError`.
    """
    return _opened(office, person, title, trees.read(folder), FOLDER)


def roll_back(office: Office, person: Person, title: str, release: str) -> Draft:
    """Open a draft of the changes that lead back to the files of a former release.

    Raises `MissingError`, `MalformedError` where its ontology was another; `ForbiddenError`.
    """
    return _opened(office, person, title, office.store.authoring.tree(release), FORMER)


def rebase(
    office: Office, person: Person, draft: str, revision: int, resolved: Changes | None = None
) -> Draft:
    """Carry a draft over to the release in force, as a revision of its own.

    Files that no release touched since come along; for others *resolved* says what they shall be.
    Raises `CarryError` where it says nothing of one, and as `save` does.
    """
    need_duty(person, WRITE)
    _check_open(office, draft)
    story = office.story(draft)
    new = office.in_force().release
    old_tree = office.store.authoring.tree(story.draft.base)
    tree = office.store.authoring.tree(new)
    changes = office.changes(draft)
    resolved = resolved or {}
    left = tuple(p for p in changing.conflicts(changes, old_tree, tree) if p not in resolved)
    if left:
        raise CarryError(left, new)
    changes = {**changes, **resolved}
    changing.check(changes, changing.applied(tree, changes))
    step = steps.Rebased(revision=revision + 1, base=new)
    return office.store.authoring.save_draft(
        draft,
        revision,
        _saving(office, person, changes, tree, base=new),
        [office.entry(story, person, step)],
    )


def _check_open(office: Office, draft: str) -> None:
    """What is in force stays as it was consented to; the database refuses the same by itself."""
    if office.store.authoring.published(draft) is not None:
        raise StatusError("this draft is in force", "open another draft, and change it there")


def _opened(office: Office, person: Person, title: str, tree: Tree, origin: str) -> Draft:
    need_duty(person, WRITE)
    base = office.in_force().release
    there = office.store.authoring.tree(base)
    changes = changing.between(there, tree) if tree else {}
    identifier = secrets.token_hex(8)
    opened = steps.Opened(title=_checked(title), base=base, origin=origin)
    return office.store.authoring.open_draft(
        identifier,
        _saving(office, person, changes, there, title=title, base=base),
        [steps.entry(identifier, 0, person, opened, office.clock(), -1)],
    )


def _saving(
    office: Office,
    person: Person,
    changes: Changes,
    tree: Tree,
    *,
    title: str | None = None,
    base: str | None = None,
) -> Saving:
    return Saving(
        author=person.id,
        agency=person.agency,
        at=office.clock(),
        files=_against(changes, tree),
        title=title,
        base=base,
    )


def _against(changes: Changes, tree: Tree) -> Mapping[str, tuple[State, str | None]]:
    """What the changes make of files, where the tree says the same already: nothing."""
    found: dict[str, tuple[State, str | None]] = {}
    for path, text in changes.items():
        if tree.get(path) == (None if text is None else text.encode()):
            found[path] = (State.BASE, None)
        elif text is None:
            found[path] = (State.GONE, None)
        else:
            found[path] = (State.TEXT, text)
    return found


def _checked(title: str) -> str:
    if not title.strip() or len(title) > MAX_TITLE or not title.isprintable():
        raise malformed(
            "/title", "this is no title", f"write a line of at most {MAX_TITLE} characters"
        )
    return title
