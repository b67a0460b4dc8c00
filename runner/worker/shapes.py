"""Where types hang in mypy's trees: the one walk that serialising and touch tracking share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any, Final, TypeVar

from mypy.nodes import (
    Decorator,
    FuncDef,
    OverloadedFuncDef,
    ParamSpecExpr,
    SymbolNode,
    SymbolTable,
    SymbolTableNode,
    TypeAlias,
    TypeInfo,
    TypeVarExpr,
    TypeVarTupleExpr,
    Var,
)
from mypy.types import (
    CallableType,
    Instance,
    LiteralType,
    Overloaded,
    Parameters,
    ParamSpecType,
    TupleType,
    Type,
    TypeAliasType,
    TypedDictType,
    TypeType,
    TypeVarTupleType,
    TypeVarType,
    UnboundType,
    UnionType,
    UnpackType,
)

_T = TypeVar("_T")


def node_types(node: SymbolNode | None) -> Iterator[Type | None]:
    """The types a symbol's node carries itself; a class answers with its head."""
    if isinstance(node, Var):
        yield node.type
        yield node.setter_type
    elif isinstance(node, FuncDef):
        yield node.type
    elif isinstance(node, Decorator):
        yield node.func.type
        yield node.var.type
        yield node.var.setter_type
    elif isinstance(node, OverloadedFuncDef):
        yield node.type
        for item in node.items:
            yield from node_types(item)
        if node.impl is not None:
            yield from node_types(node.impl)
    elif isinstance(node, TypeInfo):
        yield from head_types(node)
    elif isinstance(node, TypeAlias):
        yield node.target
        yield from node.alias_tvars
    elif isinstance(node, TypeVarExpr):
        yield from node.values
        yield node.upper_bound
        yield node.default
    elif isinstance(node, ParamSpecExpr):
        yield node.upper_bound
        yield node.default
    elif isinstance(node, TypeVarTupleExpr):
        yield node.upper_bound
        yield node.tuple_fallback
        yield node.default


def head_types(info: TypeInfo) -> Iterator[Type | None]:
    """What a class is without its members."""
    yield from info.bases
    yield from info._promote
    yield from info.defn.type_vars
    yield info.tuple_type
    yield info.typeddict_type
    yield info.declared_metaclass
    yield info.metaclass_type
    yield info.self_type
    yield info.alt_promote


def parts(node: Type) -> Iterable[Type | None]:
    """The types directly inside a type; an alias answers with its arguments, not with its target."""
    return parts_of[type(node)](node)


class KindTable(dict[type, Callable[[Any], _T]]):
    """What to do with a type, by its class: one look-up, where many questions would cost more than the answers."""

    def __init__(self, entries: dict[type, Callable[[Any], _T]], otherwise: Callable[[Any], _T]) -> None:
        super().__init__(entries)
        self._otherwise = otherwise

    def __missing__(self, kind: type) -> Callable[[Any], _T]:
        found = next((self[base] for base in kind.__mro__[1:] if base in self), self._otherwise)
        self[kind] = found
        return found


def _instance(node: Instance) -> list[Type | None]:
    found = [*node.args, node.last_known_value]
    if node.extra_attrs is not None:
        found += node.extra_attrs.attrs.values()
    return found


def _callable(node: CallableType) -> list[Type | None]:
    return [
        node.fallback,
        *node.arg_types,
        node.ret_type,
        *node.variables,
        node.type_guard,
        node.type_is,
        node.instance_type,
    ]


parts_of: Final = KindTable[Iterable[Type | None]](
    {
        Instance: _instance,
        CallableType: _callable,
        UnionType: attrgetter("items"),
        TypeAliasType: attrgetter("args"),
        Overloaded: attrgetter("items"),
        TupleType: lambda node: [*node.items, node.partial_fallback],
        TypedDictType: lambda node: [*node.items.values(), node.fallback],
        TypeVarType: lambda node: [*node.values, node.upper_bound, node.default],
        ParamSpecType: attrgetter("upper_bound", "default", "prefix"),
        TypeVarTupleType: attrgetter("upper_bound", "tuple_fallback", "default"),
        Parameters: lambda node: [*node.arg_types, *node.variables],
        LiteralType: lambda node: [node.fallback],
        TypeType: lambda node: [node.item],
        UnpackType: lambda node: [node.type],
        UnboundType: attrgetter("args"),
    },
    lambda _: (),
)


def is_defined_here(symbol: SymbolTableNode, prefix: str, name: str) -> bool:
    """Whether the table `prefix` owns the node, as opposed to having imported it; only asked of decoded nodes."""
    node = symbol._node
    assert node is not None
    fullname = node.fullname
    return "." not in fullname or fullname == f"{prefix}.{name}"


def own_symbols(names: SymbolTable, prefix: str) -> list[tuple[str, SymbolTableNode]]:
    """The symbols of a table and of every class defined in it, with their full names, without decoding any."""
    found: list[tuple[str, SymbolTableNode]] = []
    _add_symbols(names, f"{prefix}.", found)
    return found


def _add_symbols(names: SymbolTable, prefix: str, found: list[tuple[str, SymbolTableNode]]) -> None:
    for name, symbol in names.items():
        fullname = prefix + name
        found.append((fullname, symbol))
        info = symbol._node
        if type(info) is TypeInfo and (info.fullname == fullname or "." not in info.fullname):
            _add_symbols(info.names, f"{info.fullname}.", found)
