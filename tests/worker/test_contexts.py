"""mypy's own context managers do what contextlib makes of them."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from typing import Any

import mypy.build
import mypy.checker
import pytest
from mypy.binder import ConditionalTypeBinder
from mypy.nodes import ArgKind, FuncDef
from mypy.options import Options
from mypy.scope import Scope
from mypy.state import StrictOptionalState, state
from mypy.subtypes import pop_on_exit
from mypy.types import AnyType, TypeOfAny
from typewave_worker.contexts import Stack, avoid_interpreted_calls, enter_generators

ORIGINAL: dict[str, Any] = {
    "strict_optional_set": StrictOptionalState.strict_optional_set,
    "pop_on_exit": pop_on_exit,
}
CHANGED = enter_generators()
ANYTHING = AnyType(TypeOfAny.explicit)


def ways() -> list[Callable[[bool], Any]]:
    """Before the change and after it."""
    return [lambda value: ORIGINAL["strict_optional_set"](state, value), state.strict_optional_set]


def test_all_of_compiled_mypy_is_changed_once() -> None:
    compiled = isinstance(mypy.build.__file__, str) and mypy.build.__file__.endswith(".so")
    if not compiled:
        pytest.skip("mypy is not compiled")
    if CHANGED:  # nobody else imported the worker before
        assert {
            "mypy.state.StrictOptionalState.strict_optional_set",
            "mypy.subtypes.pop_on_exit",
            "mypy.build.State.wrap_context",
            "mypy.semanal.SemanticAnalyzer.tvar_scope_frame",
        } <= set(CHANGED)
    assert enter_generators() == []
    assert not hasattr(ConditionalTypeBinder.top_frame_context, "__wrapped__")


@pytest.mark.parametrize("way", ways())
def test_what_is_set_is_put_back(way: Callable[[bool], Any]) -> None:
    before = state.strict_optional
    with way(not before) as given:
        assert given is None
        assert state.strict_optional is not before
        with way(before):
            assert state.strict_optional is before
        assert state.strict_optional is not before
    assert state.strict_optional is before


@pytest.mark.parametrize("way", ways())
@pytest.mark.parametrize("error", [ValueError("x"), StopIteration(1), RuntimeError("y"), KeyboardInterrupt()])
def test_an_exception_goes_through(way: Callable[[bool], Any], error: BaseException) -> None:
    before = state.strict_optional
    with pytest.raises(type(error)) as caught, way(not before):
        raise error
    assert caught.value is error
    assert "raise error" in "".join(traceback.format_exception(caught.value))


def test_a_stack_enters_and_leaves() -> None:
    scope = Scope()
    with ExitStack() as stack:
        stack.enter_context(scope.module_scope("m"))
        assert scope.current_module_id() == "m"
        function = FuncDef("f")
        function._fullname = "m.f"
        with scope.function_scope(function):
            assert scope.current_target() == "m.f"
    with pytest.raises(AssertionError):
        scope.current_module_id()


def test_without_a_finally_an_exception_leaves_what_was_done() -> None:
    """`pop_on_exit` has no `finally`."""
    stack: list[Any] = []
    for way in (ORIGINAL["pop_on_exit"], mypy.subtypes.pop_on_exit):
        with way(stack, ANYTHING, ANYTHING):
            assert len(stack) == 1
        assert stack == []
        with pytest.raises(ValueError, match="z"), way(stack, ANYTHING, ANYTHING):
            raise ValueError("z")
        assert len(stack) == 1
        stack.clear()


def test_a_generator_that_does_not_stop_is_an_error() -> None:
    def endless() -> Any:
        while True:
            yield None

    from typewave_worker import contexts

    generator = endless()
    next(generator)
    with pytest.raises(RuntimeError, match="didn't stop"):
        contexts._leave(generator, None, None, None)


def test_a_stack_leaves_what_it_entered() -> None:
    left: list[str] = []

    @contextmanager
    def entered(name: str) -> Any:
        try:
            yield name
        finally:
            left.append(name)

    for way in (ExitStack, Stack):
        with way() as stack:
            assert stack.enter_context(entered("outer")) == "outer"
            assert stack.enter_context(entered("inner")) == "inner"
        with pytest.raises(ValueError, match="z"), way() as stack:
            stack.enter_context(entered("again"))
            raise ValueError("z")
        assert left == ["inner", "outer", "again"]
        left.clear()


def test_kinds_of_arguments_have_their_values() -> None:
    before = {kind: kind._value_ for kind in ArgKind}
    avoid_interpreted_calls()
    avoid_interpreted_calls()
    assert {kind: kind.value for kind in ArgKind} == before
    assert ArgKind(ArgKind.ARG_STAR.value) is ArgKind.ARG_STAR


def test_functions_that_are_not_mypys_stay_as_they_are() -> None:
    @contextmanager
    def own() -> Any:
        yield 1

    assert enter_generators() == []
    with own() as given:
        assert given == 1
    assert Options.__module__ == "mypy.options"
