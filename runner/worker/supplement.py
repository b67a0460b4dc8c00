"""What mypy's serialised trees leave out although messages in other modules depend on it (see RESTORED.md).

It is collected from the fresh tree together with the interface, kept behind the interface's bytes, and put back onto
the symbols it belongs to as soon as those are loaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Final

from mypy.nodes import (
    ARG_POS,
    Argument,
    Block,
    ClassDef,
    Decorator,
    FakeInfo,
    FuncDef,
    NameExpr,
    OverloadedFuncDef,
    RefExpr,
    SymbolNode,
    SymbolTable,
    SymbolTableNode,
    TypeInfo,
    Var,
)
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    Overloaded,
    Parameters,
    ProperType,
    TupleType,
    Type,
    TypeAliasType,
    TypedDictType,
    TypeType,
    UnboundType,
    UninhabitedType,
    UnionType,
    UnpackType,
    get_proper_type,
)

from . import shapes

# What is known about one symbol, and about all of a module's by their names within it.
Facts = dict[str, Any]
Supplement = dict[str, Facts]
# What is known of a type, and the way to it from the type that a symbol carries.
Known = tuple[tuple[int, ...], Facts]

LENGTH_SIZE: Final = 4
ENUM_MEMBER: Final = "enum.member"


def append_supplement(data: bytes, supplement: Supplement) -> bytes:
    text = json.dumps(supplement, sort_keys=True, separators=(",", ":")).encode() if supplement else b""
    return data + text + len(text).to_bytes(LENGTH_SIZE, "little")


def read_supplement(data: bytes) -> Supplement:
    size = int.from_bytes(data[-LENGTH_SIZE:], "little")
    if not size:
        return {}
    supplement: Supplement = json.loads(data[-LENGTH_SIZE - size : -LENGTH_SIZE])
    return supplement


# -- collecting --------------------------------------------------------------------------------------------------


def collect_supplement(module: str, symbols: Iterable[tuple[str, SymbolTableNode]]) -> Supplement:
    """`symbols`: all that the module defines itself (shapes.own_symbols)."""
    supplement: Supplement = {}
    start = len(module) + 1
    for fullname, symbol in symbols:
        node = symbol._node
        kind = type(node)
        if (kind is FuncDef and not symbol.plugin_generated) or node is None:
            continue
        if symbol.no_serialize or node.fullname != fullname:
            continue
        facts: Facts = {}
        if isinstance(node, Var):
            _collect_types(node.type, facts, linked=False)
        elif isinstance(node, Decorator):
            _collect_types(node.var.type, facts, linked=True)
            _collect_decorators(node, facts)
        elif isinstance(node, OverloadedFuncDef):
            _collect_binding(node, facts)
            _collect_variants(node, facts)
        elif isinstance(node, TypeInfo):
            _collect_positions(node, facts)
        if symbol.plugin_generated and _is_linked(node):
            facts["linked"] = True
        if facts:
            supplement[fullname[start:]] = facts
    return supplement


def _collect_types(kind: Type | None, facts: Facts, *, linked: bool) -> None:
    found = _known_below(kind, linked=linked)
    if found:
        facts["types"] = found


def _known_below(kind: Type | None, *, linked: bool) -> list[Known]:
    """What the types below `kind` know; `linked`: a loaded one gets its definition from mypy itself."""
    found: list[Known] = []
    if kind is not None and not _is_plain(kind):
        _walk(kind, (), found, linked=linked)
    return found


def _walk(kind: Type, path: tuple[int, ...], found: list[Known], *, linked: bool) -> None:
    """Finds what the types know that an inferred type is made of, inner ones first, with the way to each."""
    exact = type(kind)
    for index, one in enumerate(_children_of[exact](kind)):
        if not _is_plain(one):
            _walk(one, (*path, index), found, linked=linked)
    known: Facts = {}
    if kind._can_be_true != -1 or kind._can_be_false != -1:
        truth = (kind.can_be_true, kind.can_be_false)
        if truth != _truth_as_loaded(kind):
            known["truth"] = truth
    if exact is CallableType:
        assert isinstance(kind, CallableType)
        if kind.definition is not None and (path or not linked):
            known["definition"] = _describe(kind.definition)
        if kind.special_sig is not None:
            known["signature"] = kind.special_sig
        if kind.from_type_type:
            known["from_type"] = True
    elif exact is UninhabitedType and kind.ambiguous:  # type: ignore[attr-defined]
        known["ambiguous"] = True
    if known:
        found.append((path, known))


def _collect_decorators(node: Decorator, facts: Facts) -> None:
    """The decorators, where more than their result matters: how the method is bound, whether it is an enum's member."""
    info = node.func.info
    if not isinstance(info, FakeInfo) and info.is_enum:
        names = [one.fullname for one in node.decorators if isinstance(one, RefExpr)]
        if ENUM_MEMBER in names:
            facts["decorators"] = [ENUM_MEMBER]
    if node.decorators and node.func.is_trivial_self and not _keeps_first_argument(node):
        facts.setdefault("decorators", [""])


def _collect_binding(node: OverloadedFuncDef, facts: Facts) -> None:
    functions = [item.func if isinstance(item, Decorator) else item for item in node.items]
    if all(function.is_trivial_self for function in functions) and not node.is_trivial_self:
        facts["bound_by_type"] = True


def _collect_variants(node: OverloadedFuncDef, facts: Facts) -> None:
    """Of a property with a setter, or of overloads: what the types know that decorators gave."""
    if not any(isinstance(item, Decorator) and item.decorators for item in node.items):
        return
    variants = [item.var.type if isinstance(item, Decorator) else None for item in node.items]
    shown = node.type.items if isinstance(node.type, Overloaded) else []
    for key, types in (("variants", variants), ("shown", shown)):
        known = ((str(index), _known_below(one, linked=True)) for index, one in enumerate(types))
        found = {index: below for index, below in known if below}
        if found:
            facts[key] = found


def _collect_positions(info: TypeInfo, facts: Facts) -> None:
    """A field whose annotation is no type is reported again, with its line: a named tuple's for the methods of every
    subclass, a TypedDict's for functions that unpack it."""
    found = [[one.line, one.column, one.end_line, one.end_column] for one in _unbound_fields(info)]
    if found:
        facts["unbound"] = found


def _unbound_fields(info: TypeInfo) -> Iterator[UnboundType]:
    return _unbound(info.tuple_type or info.typeddict_type)


def _unbound(kind: Type | None) -> Iterator[UnboundType]:
    if isinstance(kind, UnboundType):
        yield kind
    if kind is not None:
        for part in shapes.parts(kind):
            yield from _unbound(part)


def _is_linked(node: SymbolNode) -> bool:
    """Whether a method that mypy generated knows its definition; most do not."""
    kind = _signature(node)
    return kind is not None and kind.definition is not None


def _signature(node: SymbolNode | None) -> CallableType | None:
    kind = node.var.type if isinstance(node, Decorator) else node.type if isinstance(node, FuncDef) else None
    return kind if isinstance(kind, CallableType) else None


def _keeps_first_argument(node: Decorator) -> bool:
    """Whether binding the decorated method by its type gives what dropping the first argument does."""
    kind = get_proper_type(node.var.type)
    if isinstance(kind, CallableType):
        if not kind.arg_kinds or kind.arg_kinds[0] != ARG_POS:
            return False
        first = get_proper_type(kind.arg_types[0])
        if isinstance(first, AnyType):
            return True
        own = node.func.type
        return isinstance(own, CallableType) and bool(own.arg_types) and own.arg_types[0] == first
    if isinstance(kind, (Overloaded, UnionType)):
        return False
    return isinstance(kind, AnyType) or not node.var.is_property


def _describe(definition: SymbolNode) -> Facts:
    """A definition, as far as messages about calls of its type ask."""
    function = definition.func if isinstance(definition, Decorator) else definition
    if not isinstance(function, FuncDef):
        return {"fullname": function.fullname}
    flags = {
        "static": function.is_static,
        "class": function.is_class,
        "property": function.is_property,
        "decorated": function is not definition,
    }
    first = function.original_first_arg
    return {
        "fullname": function.fullname,
        "name": function.name,
        "arguments": len(function.arg_names),
        **({"first": first} if first is not None else {}),
        **({"owner": function.info.name} if not isinstance(function.info, FakeInfo) else {}),
        **({"deprecated": function.deprecated} if function.deprecated is not None else {}),
        **{flag: True for flag, value in flags.items() if value},
    }


def _is_plain(kind: Type) -> bool:
    return (
        type(kind) is Instance
        and not kind.args
        and kind.extra_attrs is None
        and kind._can_be_true == -1
        and kind._can_be_false == -1
    )


def _truth_as_loaded(one: Type) -> tuple[bool, bool]:
    """Whether a type can be true and false when it has just been read."""
    if isinstance(one, TypedDictType):
        return bool(one.items), not one.required_keys
    if isinstance(one, (CallableType, Overloaded)):
        return one.can_be_true_default(), False
    return one.can_be_true_default(), one.can_be_false_default()


def _attribute_types(kind: Instance) -> list[Type]:
    if kind.extra_attrs is None:
        return list(kind.args)
    attributes = kind.extra_attrs.attrs
    return [*kind.args, *(attributes[name] for name in sorted(attributes))]


def _guards(kind: CallableType) -> list[Type]:
    return [one for one in (kind.type_guard, kind.type_is) if one is not None]


_children_of: Final = shapes.KindTable[Sequence[Type]](
    {
        Instance: _attribute_types,
        CallableType: lambda kind: [*kind.arg_types, kind.ret_type, *_guards(kind)],
        TypeAliasType: attrgetter("args"),
        UnionType: attrgetter("items"),
        TupleType: lambda kind: [*kind.items, kind.partial_fallback],
        Overloaded: attrgetter("items"),
        TypedDictType: lambda kind: [kind.items[name] for name in sorted(kind.items)],
        Parameters: attrgetter("arg_types"),
        TypeType: lambda kind: [kind.item],
        UnpackType: lambda kind: [kind.type],
    },
    lambda _: (),
)


# -- restoring ---------------------------------------------------------------------------------------------------


def restore(symbol: SymbolTableNode, facts: Facts) -> None:
    """Decodes a loaded symbol and completes it."""
    node = symbol.node
    signature = _signature(node)
    if "linked" in facts and signature is not None:
        signature.definition = node
    if isinstance(node, Decorator):
        node.decorators = [_decorator(name) for name in facts.get("decorators", ())]
    elif isinstance(node, OverloadedFuncDef):
        if "bound_by_type" in facts:
            node._is_trivial_self = False
        for index, found in facts.get("variants", {}).items():
            item = node.items[int(index)]
            if isinstance(item, Decorator) and item.var.type is not None:
                item.var.type = _restore_below(item.var.type, found)
        for index, found in facts.get("shown", {}).items():
            if isinstance(node.type, Overloaded):
                _put(node.type, int(index), _restore_below(node.type.items[int(index)], found))
    elif isinstance(node, TypeInfo):
        for one, position in zip(_unbound_fields(node), facts.get("unbound", ())):
            one.line, one.column, one.end_line, one.end_column = position
    variable = node.var if isinstance(node, Decorator) else node
    if isinstance(variable, Var):
        if variable.type is not None:
            variable.type = _restore_below(variable.type, facts.get("types", ()))
        _restore_setter(variable)


def _restore_setter(variable: Var) -> None:
    """A variable that holds a property which can be set is asked what it may be set to through the property."""
    kind = variable.type
    getter = kind.items[0] if isinstance(kind, Overloaded) else None
    if (
        isinstance(getter, CallableType)
        and isinstance(getter.definition, Decorator)
        and variable.setter_type is not None
    ):
        getter.definition.var.setter_type = variable.setter_type


def restore_all(module: str, symbols: Iterable[tuple[str, SymbolTableNode]], supplement: Supplement) -> None:
    """The same for all symbols of a module that nobody tracks."""
    start = len(module) + 1
    for fullname, symbol in symbols if supplement else ():
        facts = supplement.get(fullname[start:])
        if facts is not None:
            restore(symbol, facts)


def _restore_below(kind: Type, found: Iterable[Known]) -> Type:
    for path, known in found:
        kind = _restore_type(kind, path, known)
    return kind


def _restore_type(kind: Type, path: Sequence[int], known: Facts) -> Type:
    """The type to use from now on: a loaded type may be shared, so it must not learn what is only known of one."""
    if not path:
        return _complete(kind, known)
    children = _children_of[type(kind)](kind)
    if path[0] < len(children):
        child = children[path[0]]
        changed = _restore_type(child, path[1:], known)
        if changed is not child:
            _put(kind, path[0], changed)
    return kind


def _complete(kind: Type, known: Facts) -> Type:
    if "truth" in known:
        if isinstance(kind, Instance) and not kind.args:
            kind = kind.copy_modified()
        kind.can_be_true, kind.can_be_false = known["truth"]
    if isinstance(kind, CallableType):
        if "definition" in known:
            kind.definition = _definition(known["definition"])
        kind.special_sig = known.get("signature")
        kind.from_type_type = "from_type" in known
    elif isinstance(kind, UninhabitedType):
        kind.ambiguous = "ambiguous" in known
    return kind


def _put(kind: Type, index: int, child: Type) -> None:
    if isinstance(kind, Instance):
        if index < len(kind.args):
            kind.args = (*kind.args[:index], child, *kind.args[index + 1 :])
        elif kind.extra_attrs is not None:
            name = sorted(kind.extra_attrs.attrs)[index - len(kind.args)]
            kind.extra_attrs.attrs[name] = child
    elif isinstance(kind, (CallableType, Parameters)):
        if index < len(kind.arg_types):
            kind.arg_types[index] = child
        elif isinstance(kind, CallableType):
            if index == len(kind.arg_types):
                kind.ret_type = child
            elif kind.type_guard is not None and index == len(kind.arg_types) + 1:
                kind.type_guard = child
            else:
                kind.type_is = child
    elif isinstance(kind, TypeAliasType):
        kind.args[index] = child
    elif isinstance(kind, TupleType) and index == len(kind.items):
        if isinstance(child, Instance):
            kind.partial_fallback = child
    elif isinstance(kind, (UnionType, TupleType)):
        kind.items[index] = child
    elif isinstance(kind, Overloaded):
        if isinstance(child, CallableType):
            kind.items[index] = child
    elif isinstance(kind, TypedDictType):
        kind.items[sorted(kind.items)[index]] = child
    elif isinstance(kind, TypeType) and isinstance(child, ProperType):
        kind.item = child
    elif isinstance(kind, UnpackType):
        kind.type = child


def _decorator(name: str) -> NameExpr:
    expression = NameExpr(name.rpartition(".")[2])
    expression.fullname = name
    return expression


def _definition(known: Facts) -> SymbolNode:
    """A stand-in: it belongs to this symbol alone, so that nothing else is looked at through it."""
    if "name" not in known:
        opaque = Var("")
        opaque._fullname = known["fullname"]
        return opaque
    names = [known.get("first", "_")] * known["arguments"]
    function = FuncDef(known["name"], [Argument(Var(name), None, None, ARG_POS) for name in names])
    function._fullname = known["fullname"]
    function.deprecated = known.get("deprecated")
    function.is_static = "static" in known
    function.is_class = "class" in known
    function.is_property = "property" in known
    if "owner" in known:
        function.info = _class_named(known["owner"])
    return Decorator(function, [], Var(function.name)) if "decorated" in known else function


def _class_named(name: str) -> TypeInfo:
    return TypeInfo(SymbolTable(), ClassDef(name, Block([])), "")
