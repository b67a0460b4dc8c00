"""Takes a checked module apart, so that it is freed at once: in what mypy leaves of it, nearly all refers to itself.

Garbage collection would have to go through all that is kept to find the same, and meanwhile half of what a worker holds
would be of no use to anybody.
"""

from __future__ import annotations

from typing import Final

from mypy.checker import TypeChecker
from mypy.nodes import (
    CLASSDEF_NO_INFO,
    ClassDef,
    Decorator,
    FuncDef,
    MypyFile,
    Node,
    OverloadedFuncDef,
    Statement,
    SymbolTable,
    TypeAlias,
    TypeInfo,
)
from mypy.types import AnyType, TypeOfAny

from .shapes import is_defined_here

# What may refer to itself.
FUNCTIONS: Final = (FuncDef, Decorator, OverloadedFuncDef)
CYCLIC: Final = (*FUNCTIONS, TypeInfo, TypeAlias)
# Of an alias that is no more.
NO_TARGET: Final = AnyType(TypeOfAny.special_form)


class CheckerBreaker:
    """A type checker and the four helpers that it has of its own refer to each other."""

    def __init__(self) -> None:
        self._other: TypeChecker | None = None

    def take_apart(self, checker: TypeChecker) -> None:
        """To be called when nobody asks `checker` or its helpers for anything any more."""
        if self._other is None:
            self._other = checker  # stays; its helpers are the ones that the others' helpers refer to
            return
        expressions = checker._expr_checker
        for helper in (expressions, expressions.strfrm_checker, checker.pattern_checker, checker.local_type_map):
            helper.chk = self._other


def take_module_apart(tree: MypyFile) -> None:
    _withdraw_promotions(tree)
    tree.defs.clear()
    _take_names_apart(tree.names, tree.fullname)


def _withdraw_promotions(tree: MypyFile) -> None:
    """A native integer class registers itself with the class it promotes to, which may stay loaded."""
    for name, symbol in tree.names.items():
        info = symbol._node
        if not isinstance(info, TypeInfo) or not is_defined_here(symbol, tree.fullname, name):
            continue  # imported: the promotion is of a class that stays
        if info.alt_promote is not None:
            promotions = info.alt_promote.type._promote
            promotions[:] = [one for one in promotions if getattr(one, "type", None) is not info]


def _take_names_apart(names: SymbolTable, prefix: str) -> None:
    for name, symbol in names.items():
        node = symbol._node
        if not isinstance(node, CYCLIC) or not is_defined_here(symbol, prefix, name):
            continue
        if isinstance(node, TypeInfo):
            _take_class_apart(node)
        elif isinstance(node, TypeAlias):
            node.target = NO_TARGET  # may name the alias
        else:
            _take_apart(node)


def _take_class_apart(info: TypeInfo) -> None:
    members = info.names
    info.names = SymbolTable()
    info.mro.clear()  # of itself and its bases
    if info.special_alias is not None:
        info.special_alias.target = NO_TARGET
    info.self_type = info.tuple_type = info.typeddict_type = info.special_alias = info.type_object_type = None
    info.defn.info, info.defn.analyzed = CLASSDEF_NO_INFO, None
    info.defn.type_vars.clear()
    info.defn.defs.body.clear()
    _take_names_apart(members, info.fullname)


def _take_apart(node: Node | None) -> None:
    """A function's type refers to its definition."""
    if isinstance(node, FuncDef):
        node.type = node.unanalyzed_type = None
        node.expanded.clear()  # of itself, once it was checked
        _take_body_apart(node.body.body)
    elif isinstance(node, Decorator):
        node.var.type = None
        _take_apart(node.func)
    elif isinstance(node, OverloadedFuncDef):
        node.type = node.unanalyzed_type = None
        for item in node.items:
            _take_apart(item)
        _take_apart(node.impl)


def _take_body_apart(statements: list[Statement]) -> None:
    """What is defined in a function is in no table of names."""
    for statement in statements:
        if isinstance(statement, FUNCTIONS):
            _take_apart(statement)
        elif isinstance(statement, ClassDef) and statement.info is not CLASSDEF_NO_INFO:
            _take_class_apart(statement.info)
    statements.clear()
