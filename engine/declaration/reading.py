"""From bytes to a request, or to a refusal that names every field at fault and the mend.

Boundary: knows no vocabulary. What a word means, and who may say it, is for `stating`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec
from msgspec.inspect import EnumType, Metadata, StructType, Type, UnionType, VarTupleType, type_info

from engine.declaration.declaration import Declaration, Known, Request
from engine.declaration.form import check_declaration, check_known, check_request
from engine.declaration.problems import MalformedError, Problem, Remarks, malformed, pointer, within
from engine.declaration.strict_json import parse, shown
from engine.declaration.versions import merged
from engine.language.diagnostics import did_you_mean

T = TypeVar("T")

_PLACE = re.compile(r"(?P<fault>.*) - at `\$(?P<place>[^`]*)`", re.DOTALL)
_STEP = re.compile(r"\.(?P<name>\w+)|\[(?P<index>\d+)\]")
_TYPES = {
    "object": "an object",
    "array": "a list",
    "str": "text",
    "decimal": "a number",
    "int": "a whole number",
    "float": "a number with a fraction",
    "bool": "true or false",
    "null": "null",
    "date": "a day",
}


def prepare(*shapes: type[Any]) -> None:
    """Make *shapes* ready to be read by several threads, once they are declared.

    msgspec does so when one is first read, and where two threads do that at once, it crashes.
    """
    for shape in shapes:
        msgspec.json.Decoder(shape)


prepare(Request, Known)


def read_request(body: bytes) -> Request:
    """Read the body of a request for a decision.

    Raises `MalformedError`: the body is no such request; each problem points into it.
    """
    request = read_shape(body, Request)
    remarks = Remarks()
    check_request(request, remarks)
    remarks.raise_problems()
    if request.earlier:
        # Versions that are each of fair size may together be too large.
        together = merged(request.declaration, request.earlier)
        check_declaration(together, "/declaration", remarks)
        remarks.raise_problems()
    return request


def read_declaration(body: bytes) -> Declaration:
    """Read a declaration alone.

    Raises `MalformedError`: the body is no declaration; each problem points into it.
    """
    declaration = read_shape(body, Declaration)
    remarks = Remarks()
    check_declaration(declaration, "", remarks)
    remarks.raise_problems()
    return declaration


def read_known(body: bytes) -> Known:
    """Read what an agency knows, alone.

    Raises `MalformedError`: the body is no such thing; each problem points into it.
    """
    known = read_shape(body, Known)
    remarks = Remarks()
    check_known(known, "", remarks)
    remarks.raise_problems()
    return known


def read_shape(body: bytes, shape: type[T]) -> T:
    """Read *body*, JSON, as a *shape*. Raises `MalformedError` with the place and the mend."""
    parse(body)
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise MalformedError([_problem(str(error), shape)]) from None
    except msgspec.DecodeError as error:
        raise malformed("", f"not JSON: {error}") from None


def _problem(text: str, shape: type[Any]) -> Problem:
    """Say in the words of a declaration what msgspec found wrong with its shape."""
    found = _PLACE.fullmatch(text)
    fault, place = (found["fault"], found["place"]) if found else (text, "")
    steps = [step["name"] or int(step["index"]) for step in _STEP.finditer(place)]
    at = pointer(*steps)
    here = _type_at(type_info(shape), steps)
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", fault, re.DOTALL):
        names = [field.encode_name for field in here.fields] if _is_struct(here) else []
        message = f"unknown key `{shown(unknown[1])}`"
        mend = did_you_mean(unknown[1], names) or f"known here: {', '.join(names)}"
        return Problem(pointer=within(at, unknown[1]), message=message, help=mend)
    if missing := re.fullmatch(r"Object missing required field `(\w+)`", fault):
        name = missing[1]
        return Problem(pointer=within(at, name), message=f"`{name}` is missing", help="add it")
    if value := re.fullmatch(r"Invalid enum value '(.*)'", fault, re.DOTALL):
        words = list(_words(here))
        mend = did_you_mean(value[1], words) or f"one of {', '.join(words)}"
        return Problem(pointer=at, message=f"unknown value `{shown(value[1])}`", help=mend)
    if "date" in fault:
        return Problem(pointer=at, message="not a day", help="write it as `2026-11-23`")
    if wrong := re.fullmatch(r"Expected `(.*)`, got `(.*)`", fault):
        wanted, got = _worded(wrong[1].removesuffix(" | null")), _worded(wrong[2])
        return Problem(pointer=at, message=f"{got} where {wanted} belongs", help=f"write {wanted}")
    return Problem(pointer=at, message=fault[:1].lower() + fault[1:])


def _worded(name: str) -> str:
    return _TYPES.get(name, name)


def _is_struct(shape: Type | None) -> bool:
    return isinstance(shape, StructType)


def _words(shape: Type | None) -> Iterator[str]:
    if isinstance(shape, EnumType):
        yield from (str(member.value) for member in shape.cls)


def _type_at(shape: Type, steps: list[str | int]) -> Any:
    """The type that *steps* lead to; nothing where they leave the declared shapes."""
    here: Type | None = _bare(shape)
    for step in steps:
        if isinstance(here, StructType):
            fields = {field.encode_name: field.type for field in here.fields}
            here = _bare(fields[str(step)]) if step in fields else None
        elif isinstance(here, VarTupleType):
            here = _bare(here.item_type)
        else:
            return None
    return here


def _bare(shape: Type) -> Type:
    """The type without its description and without the choice of null."""
    while isinstance(shape, Metadata | UnionType):
        shape = shape.type if isinstance(shape, Metadata) else shape.types[0]
    return shape
