"""Where types hang in mypy's trees: the one walk that serialising and touch tracking share."""

from __future__ import annotations

from collections.abc import Iterator

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


def parts(node: Type) -> Iterator[Type | None]:
    """The types directly inside a type; an alias answers with its arguments, not with its target."""
    if isinstance(node, Instance):
        yield from node.args
        yield node.last_known_value
        if node.extra_attrs is not None:
            yield from node.extra_attrs.attrs.values()
    elif isinstance(node, CallableType):
        yield node.fallback
        yield from node.arg_types
        yield node.ret_type
        yield from node.variables
        yield node.type_guard
        yield node.type_is
        yield node.instance_type
    elif isinstance(node, UnionType):
        yield from node.items
    elif isinstance(node, TypeAliasType):
        yield from node.args
    elif isinstance(node, Overloaded):
        yield from node.items
    elif isinstance(node, TupleType):
        yield from node.items
        yield node.partial_fallback
    elif isinstance(node, TypedDictType):
        yield from node.items.values()
        yield node.fallback
    elif isinstance(node, TypeVarType):
        yield from node.values
        yield node.upper_bound
        yield node.default
    elif isinstance(node, ParamSpecType):
        yield node.upper_bound
        yield node.default
        yield node.prefix
    elif isinstance(node, TypeVarTupleType):
        yield node.upper_bound
        yield node.tuple_fallback
        yield node.default
    elif isinstance(node, Parameters):
        yield from node.arg_types
        yield from node.variables
    elif isinstance(node, LiteralType):
        yield node.fallback
    elif isinstance(node, TypeType):
        yield node.item
    elif isinstance(node, UnpackType):
        yield node.type
    elif isinstance(node, UnboundType):
        yield from node.args


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
