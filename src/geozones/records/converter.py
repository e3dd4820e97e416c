"""Conversion of frozen dataclasses to JSON values and back, every field checked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Annotated, Any, NoReturn, get_args, get_origin, get_type_hints

from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    Converter,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from geozones.common.bounds import Bound, json_fault, text_fault
from geozones.common.errors import InputError

# cattrs reads the dataclasses of the domain as they are; pydantic would need a second class for
# each (docs/decisions.md, 13).
type Document = dict[str, Any]


#: How a fault begins that is of a whole object and names a field of it.
_WHOLE = ("il manque", "« ")


class FieldError(InputError):
    """A value that a field cannot hold: ``str(error)`` names the field and says why, in French."""


def _refuse(fault: str) -> NoReturn:
    """Refuse a value; ``fault`` is the end of a French sentence that begins with its field."""
    raise _Fault(fault)


class _Fault(Exception):  # noqa: N818 - never leaves this module
    """The end of a French sentence that begins with the name of a field."""


def to_json(value: Any) -> Any:  # noqa: ANN401 - any frozen dataclass
    """Return a dataclass as a JSON object: enumerations as their values, tuples as lists."""
    return _CONVERTER.unstructure(value)


def from_json[T](kind: type[T], document: object) -> T:
    """Return the dataclass that a JSON object holds; raise ``FieldError`` at its first fault."""
    try:
        return _CONVERTER.structure(document, kind)
    except (_Fault, BaseValidationError) as error:
        path, fault = next(_faults(error, ()))
        raise FieldError(_sentence(path or (kind.__name__.lower(),), fault)) from error


def check_field(kind: type, name: str, value: object) -> None:
    """Raise ``FieldError`` if a field of a dataclass cannot hold a value."""
    hint = get_type_hints(kind, include_extras=True)[name]
    try:
        _CONVERTER.structure(_CONVERTER.unstructure(value), hint)
    except (_Fault, BaseValidationError) as error:
        path, fault = next(_faults(error, (name,)))
        raise FieldError(_sentence(path, fault)) from error


def _faults(
    error: BaseException, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the place and the text of each fault of an error, in the order of the fields."""
    if not isinstance(error, BaseValidationError):
        yield path, str(error) if isinstance(error, _Fault) else "n'est pas lisible"
        return
    for inner in error.exceptions:
        place = [
            note.index if isinstance(note, IterableValidationNote) else note.name
            for note in getattr(inner, "__notes__", ())
            if isinstance(note, AttributeValidationNote | IterableValidationNote)
        ]
        yield from _faults(inner, (*path, *place))


def _sentence(path: tuple[str | int, ...], fault: str) -> str:
    words = [f"n° {step + 1}" if isinstance(step, int) else step for step in path]
    name = " ".join(words)
    return f"{name} : {fault}" if fault.startswith(_WHOLE) else f"« {name} » {fault}"


def _written(kind: type, converter: Converter) -> Callable[[Any], Any]:
    """Return the hook that writes a dataclass, without fields added later that hold their default.

    So what needs none of them is written as earlier versions did, and they can read it.
    """
    later: Any = {
        field.name: override(omit_if_default=True)
        for field in fields(kind)
        if field.metadata.get("added_later")
    }
    write: Callable[[Any], Any] = make_dict_unstructure_fn(kind, converter, **later)
    return write


def _bounded(kind: Any, _: Converter) -> Callable[[Any, Any], Any]:  # noqa: ANN401 - a type hint
    fault = next(mark for mark in get_args(kind) if isinstance(mark, Bound)).fault
    return _checking(fault)


def _checking(fault_of: Callable[[object], str | None]) -> Callable[[Any, Any], Any]:
    """Return a hook that takes a value as it is, or refuses it."""

    def check(value: Any, _: Any) -> Any:  # noqa: ANN401 - whatever a file holds
        fault = fault_of(value)
        if fault is not None:
            _refuse(fault)
        return value

    return check


def _is_bounded(kind: Any) -> bool:  # noqa: ANN401 - a type hint
    return get_origin(kind) is Annotated and any(isinstance(arg, Bound) for arg in get_args(kind))


def _is_dataclass(kind: Any) -> bool:  # noqa: ANN401 - a type hint
    return isinstance(kind, type) and is_dataclass(kind)


def _is_a(generic: Any) -> Callable[[Any], bool]:  # noqa: ANN401 - a type hint
    return lambda kind: get_origin(kind) is generic


def _is_bool(value: object) -> str | None:
    return None if type(value) is bool else "doit être vrai ou faux"


def _json_object(value: object) -> str | None:
    return json_fault(value) if isinstance(value, Mapping) else "doit être un objet"


def _text(value: Any, kind: type) -> Any:  # noqa: ANN401 - whatever a file holds
    """Take a text; cattrs gives this hook the enumerations of texts too, as subclasses of str."""
    if issubclass(kind, Enum):
        return _enumerated(value, kind)
    return _checking(text_fault)(value, kind)


def _plain_text(value: str) -> str:
    """Return a text, or the text of an enumeration: cattrs leaves those as they are."""
    return str(value.value) if isinstance(value, Enum) else value


def _enumerated(value: Any, kind: type[Enum]) -> Enum:  # noqa: ANN401 - whatever a file holds
    for member in kind:
        if type(value) is str and value == member.value:
            return member
    _refuse("doit être l'un de : " + ", ".join(str(member.value) for member in kind))


def _dataclass(kind: type, converter: Converter) -> Callable[[Any, Any], Any]:
    """Return the hook of a dataclass: an object with its fields; only later ones may be missing."""
    # forward references are resolved by cattrs as it makes the function
    read: Callable[[Any, Any], Any] = make_dict_structure_fn(
        kind, converter, _cattrs_forbid_extra_keys=False
    )
    known = frozenset(field.name for field in fields(kind))
    needed = [field.name for field in fields(kind) if not field.metadata.get("added_later")]

    def structure(value: Any, _: Any) -> Any:  # noqa: ANN401 - whatever a file holds
        if not isinstance(value, dict):
            _refuse("doit être un objet")
        if value.keys() != known:
            missing = next((name for name in needed if name not in value), None)
            if missing is not None:
                _refuse(f"il manque « {missing} »")
            unknown = [str(name) for name in value if name not in known]
            if unknown:
                _refuse(f"« {min(unknown)[:60]} » est inconnu")
        return read(value, kind)

    return structure


def _tuple(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:  # noqa: ANN401 - a type hint
    read = converter.get_structure_hook(list[get_args(kind)[0]])  # type: ignore[misc]

    def structure(value: Any, _: Any) -> Any:  # noqa: ANN401 - whatever a file holds
        if not isinstance(value, list | tuple):
            _refuse("doit être une liste")
        return tuple(read(value, list))

    return structure


def _make_converter() -> Converter:
    converter = Converter(detailed_validation=True, unstruct_collection_overrides={tuple: list})
    converter.register_structure_hook_factory(_is_bounded, _bounded)
    converter.register_structure_hook_factory(_is_dataclass, _dataclass)
    converter.register_unstructure_hook_factory(_is_dataclass, _written)
    converter.register_structure_hook_factory(_is_a(tuple), _tuple)
    converter.register_structure_hook(str, _text)
    converter.register_structure_hook(bool, _checking(_is_bool))
    converter.register_structure_hook_func(_is_a(Mapping), _checking(_json_object))
    converter.register_unstructure_hook(str, _plain_text)
    converter.register_unstructure_hook_func(_is_a(Mapping), dict)
    return converter


_CONVERTER = _make_converter()
