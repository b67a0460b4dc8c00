"""Edits of a package's modules as a whole: files that come, go and change their kind, what they export, comments for
mypy, and what becomes of whole classes."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

from random_edits import Edit, Editor, Function, NotPossible, Source, first_line

INLINE_OPTIONS = (
    *("disallow-untyped-defs", "ignore-errors", "disable-error-code=attr-defined", "no-strict-optional"),
    *("warn-unreachable", "disallow-any-expr", "no-implicit-reexport", "strict-equality", "check-untyped-defs=False"),
    *("always-true=DEBUG", "enable-error-code=truthy-bool", "allow-redefinition", "extra-checks", "warn-return-any"),
)
CODES = ("attr-defined", "assignment", "return-value", "arg-type", "misc", "import", "import-not-found", "name-defined")
SECTION_OPTIONS = (
    *("ignore_errors = True", "disallow_untyped_defs = True", "follow_imports = skip", "follow_imports = silent"),
    *("ignore_missing_imports = True", "implicit_reexport = False", "warn_unreachable = True", "strict = True"),
    *(
        "disable_error_code = misc",
        "disallow_any_unimported = True",
        "warn_return_any = True",
        "strict_optional = False",
    ),
)
CONDITIONS = ("sys.platform == 'win32'", "sys.version_info >= (3, 20)", "not TYPE_CHECKING", "TYPE_CHECKING", "X")


def change_exports(editor: Editor) -> str:
    """`__all__` comes, goes, or names something else."""
    source = editor.source()
    assigned = [
        node
        for node in source.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__"
    ]
    names = [name for name in source.names() if editor.random.random() < 0.6]
    text = f"__all__ = {names!r}\n"
    if assigned:
        node = editor.pick(assigned)
        assert node.end_lineno is not None
        source.replace(node.lineno, node.end_lineno, text if editor.random.random() < 0.6 else "")
    else:
        source.append(editor.pick([text, text + f"__all__ += {['missing', *names[:1]]!r}\n"]))
    return editor.where(source, text)


def import_all(editor: Editor) -> str:
    source, target = editor.source(), editor.module(editor.source().path)
    line = f"from {target} import *\n"
    source.write(f"{source.text}\n{line}" if "__future__" in source.text else line + source.text)
    return editor.where(source, target)


def package_to_module(editor: Editor) -> str:
    inits = [path for path in editor.paths() if path.name == "__init__.py" and path.parent.name != editor.package]
    path = editor.pick([path for path in inits if not path.parent.with_suffix(".py").exists()])
    others = [other for other in path.parent.iterdir() if other != path]
    path.rename(path.parent.with_suffix(".py"))
    if not others or editor.random.random() < 0.5:
        shutil.rmtree(path.parent)
    return str(path.relative_to(editor.folder))


def toggle_namespace(editor: Editor) -> str:
    """A package loses its `__init__`, or gets one."""
    folders = sorted({path.parent for path in editor.paths()} - {editor.folder / editor.package}, key=str)
    folder = editor.pick(folders)
    init = folder / "__init__.py"
    if init.exists():
        init.unlink()
    else:
        init.write_text("value = 1\n", encoding="utf-8")
    return str(init.relative_to(editor.folder))


def delete_package(editor: Editor) -> str:
    if editor.random.random() < 0.7:
        raise NotPossible
    folder = editor.pick(sorted({path.parent for path in editor.paths()} - {editor.folder / editor.package}, key=str))
    shutil.rmtree(folder)
    return str(folder.relative_to(editor.folder))


def add_submodule(editor: Editor) -> str:
    """A submodule that something else imports already, or is about to."""
    init = editor.pick([path for path in editor.paths() if path.name == "__init__.py"])
    package, name = editor.module(init), editor.pick(["extra", "missing_0", *_attributes(Source(init))])
    path = init.with_name(f"{name}.py{editor.pick(['', '', 'i'])}")
    if path.exists() or init.with_name(name).exists():
        raise NotPossible
    path.write_text("alpha: int = 1\n\n\nclass Thing:\n    beta: str\n", encoding="utf-8")
    use = editor.pick([f"from {package} import {name}", f"import {package}.{name}", f"from {package}.{name} import *"])
    source = editor.source()
    source.append(f"\n{use}\nreveal_type({package.split('.')[0] if use[0] == 'i' else name})\n")
    if editor.random.random() < 0.5:
        other = editor.source()
        other.append(f"\nimport {package}\nreveal_type({package}.{name})\n")
    return f"{package}.{name}, {use} in {editor.where(source)}"


def _attributes(source: Source) -> list[str]:
    found = source.names()
    for node in source.imports():
        found += [(alias.asname or alias.name) for alias in node.names if "." not in alias.name and alias.name != "*"]
    return found[:20]


def add_full_stub(editor: Editor) -> str:
    """A stub with the classes of its module, some members left out."""
    source = editor.source()
    path = source.path.with_suffix(".pyi")
    if path.exists():
        path.unlink()
        return f"{path.relative_to(editor.folder)} goes"
    lines = ["from typing import Any\n"]
    lines += [f"{ast.unparse(node)}\n" for node in source.imports()]
    for owner in source.classes():
        bases = ", ".join(ast.unparse(base) for base in owner.bases)
        lines.append(f"class {owner.name}({bases}):\n    stub: int\n")
        for node in owner.body:
            if isinstance(node, ast.FunctionDef) and editor.random.random() < 0.8:
                lines.append(f"    def {node.name}({ast.unparse(node.args)}) -> Any: ...\n")
    lines += [
        f"def {node.name}(*args: Any) -> int: ...\n" for node in source.functions() if editor.random.random() < 0.8
    ]
    text = "".join(lines)
    ast.parse(text)
    path.write_text(text, encoding="utf-8")
    return str(path.relative_to(editor.folder))


def move_class(editor: Editor) -> str:
    """A class moves to another module; a name for it stays behind."""
    source = editor.source()
    node = editor.pick(source.classes())
    target = Source(editor.pick([path for path in editor.paths() if path != source.path]))
    assert node.end_lineno is not None
    text = "".join(source.lines[first_line(node) - 1 : node.end_lineno])
    module = editor.module(target.path)
    behind = editor.pick(
        [
            f"import {module}\n{node.name} = {module}.{node.name}\n",
            f"from {module} import {node.name}\n",
            f"from {module} import *\n",
            f"def __getattr__(name: str) -> type[{node.name!r}]:\n    from {module} import {node.name}\n"
            f"    return {node.name}\n",
        ]
    )
    needed = "".join(f"{ast.unparse(one)}\n" for one in source.imports() if not getattr(one, "level", 0))
    source.replace(first_line(node), node.end_lineno, behind)
    target.append(f"\n\n{needed}\n{text}")
    return editor.where(source, f"{node.name} -> {editor.where(target)}")


def rename_class(editor: Editor) -> str:
    source = editor.source()
    node = editor.pick(source.classes())
    new = f"{node.name}Renamed"
    line = re.sub(rf"\bclass {node.name}\b", f"class {new}", source.lines[node.lineno - 1], count=1)
    alias = editor.pick(["", f"\n{node.name} = {new}\n"])
    source.write("".join([*source.lines[: node.lineno - 1], line, *source.lines[node.lineno :]]) + alias)
    return editor.where(source, node.name)


def change_keywords(editor: Editor) -> str:
    """A metaclass, keywords of a class statement, more bases."""
    source = editor.source()
    node = editor.pick([one for one in source.classes() if one.lineno == one.body[0].lineno - 1])
    head = editor.pick(
        ["metaclass=abc.ABCMeta", "metaclass=Meta", "enum.Enum", "Generic[T]", "Protocol", "Any", "frozen=True"]
    )
    bases = ", ".join([*(ast.unparse(base) for base in node.bases if editor.random.random() < 0.8), head])
    keywords = "" if "=" in head else "".join(f", {ast.unparse(one)}" for one in node.keywords)
    source.replace(
        first_line(node),
        node.lineno,
        "import abc, enum\nfrom typing import Any, Generic, Protocol, TypeVar\nT = TypeVar('T')\n"
        f"class Meta(type):\n    alpha: int\nclass {node.name}({bases}{keywords}):\n",
    )
    return editor.where(source, f"{node.name}({bases})")


def change_signature(editor: Editor) -> str:
    source = editor.source()
    node: Function = editor.pick([*source.functions(), *(method for _, method in source.methods())])
    changed = ast.parse(ast.unparse(node)).body[0]
    assert isinstance(changed, Function)
    arguments = changed.args
    kind = editor.random.randrange(6)
    if kind == 0:
        arguments.kwonlyargs.append(ast.arg(f"added_{editor.number()}", ast.Name("int")))
        arguments.kw_defaults.append(ast.Constant(1) if editor.random.random() < 0.5 else None)
    elif kind == 1 and len(arguments.args) > 1:
        arguments.args.pop()
        arguments.defaults = arguments.defaults[1:]
    elif kind == 2:
        changed.returns = ast.parse(editor.pick(["NoReturn", "Never", "Self", "Any"]), mode="eval").body
    elif kind == 3:
        changed.returns = None
        for argument in arguments.args:
            argument.annotation = None
    elif kind == 4:
        changed.decorator_list = []
    elif isinstance(changed, ast.FunctionDef):
        fields = {name: getattr(changed, name) for name in changed._fields}
        changed = ast.AsyncFunctionDef(**fields)
    indent = " " * node.col_offset
    text = "".join(f"{indent}{line}\n" for line in ast.unparse(ast.fix_missing_locations(changed)).splitlines())
    assert node.end_lineno is not None
    source.replace(first_line(node), node.end_lineno, f"{indent}from typing import Any, Never, NoReturn, Self\n{text}")
    return editor.where(source, f"{node.name} {kind}")


def remove_statement(editor: Editor) -> str:
    source = editor.source()
    statements = [*source.tree.body, *(node for owner in source.classes() for node in owner.body)]
    node = editor.pick(
        [one for one in statements if isinstance(one, ast.Assign | ast.AnnAssign | ast.ClassDef | ast.If)]
    )
    first = first_line(node) if isinstance(node, ast.ClassDef) else node.lineno
    assert node.end_lineno is not None
    source.replace(first, node.end_lineno, " " * node.col_offset + "pass\n")
    return editor.where(source, f"line {first}")


def make_conditional(editor: Editor) -> str:
    source = editor.source()
    node = editor.pick([*source.classes(), *source.functions(), *source.imports()])
    first = node.lineno if isinstance(node, ast.Import | ast.ImportFrom) else first_line(node)
    assert node.end_lineno is not None
    lines = "".join("    " + line for line in source.lines[first - 1 : node.end_lineno])
    head = f"import sys\nfrom typing import TYPE_CHECKING\nX = True\nif {editor.pick(CONDITIONS)}:\n"
    shape = editor.pick([head + lines, f"try:\n{lines}except ImportError:\n    pass\n"])
    source.replace(first, node.end_lineno, shape)
    return editor.where(source, f"line {first}")


def module_getattr(editor: Editor) -> str:
    source = editor.source()
    source.append(f"\n\ndef __getattr__(name: str) -> {editor.pick(['int', 'str', 'object'])}: ...\n")
    return editor.where(source)


def inline_option(editor: Editor) -> str:
    source = editor.source()
    found = [index for index, line in enumerate(source.lines) if line.startswith("# mypy: ")]
    if found:
        source.replace(found[0] + 1, found[0] + 1, "")
        return editor.where(source, "goes")
    option = editor.pick(INLINE_OPTIONS)
    source.write(f"# mypy: {option}\n{source.text}")
    return editor.where(source, option)


def ignore_code(editor: Editor) -> str:
    source = editor.source()
    simple = [
        node for node in ast.walk(source.tree) if isinstance(node, ast.Assign | ast.Expr | ast.Return | ast.ImportFrom)
    ]
    index = editor.pick([node.lineno - 1 for node in simple if node.lineno == node.end_lineno])
    line = re.sub(r"  # type: ignore.*", "", source.lines[index]).rstrip("\n")
    source.replace(index + 1, index + 1, f"{line}  # type: ignore[{editor.pick(CODES)}]\n")
    return editor.where(source, f"line {index + 1}")


def change_configuration(editor: Editor) -> str:
    """Sections for some modules; the next change of the configuration takes them away."""
    path = editor.folder / "mypy.ini"
    lines = path.read_text(encoding="utf-8").split("[mypy-")[0]
    for _ in range(editor.random.randrange(3)):
        pattern = editor.module(editor.source().path) + editor.pick(["", "", ".*"])
        if f"[mypy-{pattern}]" not in lines:
            lines += f"[mypy-{pattern}]\n{editor.pick(SECTION_OPTIONS)}\n"
    path.write_text(lines, encoding="utf-8")
    return repr(lines.partition("[mypy-")[2])


def toggle_typed(editor: Editor) -> str:
    path = editor.folder / editor.package / "py.typed"
    if path.exists():
        path.unlink()
    else:
        path.write_text("", encoding="utf-8")
    return str(path.exists())


def swap_modules(editor: Editor) -> str:
    """Two modules change places."""
    paths = [path for path in editor.paths() if path.name != "__init__.py"]
    one, two = editor.pick(paths), editor.pick(paths)
    first, second = one.read_text(encoding="utf-8"), two.read_text(encoding="utf-8")
    one.write_text(second, encoding="utf-8")
    two.write_text(first, encoding="utf-8")
    return f"{one.relative_to(editor.folder)} and {two.relative_to(editor.folder)}"


def shadow_library(editor: Editor) -> str:
    """A module of the library gets a namesake beside the package."""
    path: Path = editor.folder / editor.pick(["typing_extensions_.py", "colorsys.py", "this.py", "colorsys.pyi"])
    if path.exists():
        path.unlink()
    else:
        path.write_text("rgb_to_yiq = 1\n", encoding="utf-8")
    source = editor.source()
    source.append("\nimport colorsys\nreveal_type(colorsys.rgb_to_yiq)\n")
    return path.name


EDITS: list[Edit] = [
    change_exports,
    import_all,
    package_to_module,
    toggle_namespace,
    delete_package,
    add_submodule,
    add_submodule,
    add_full_stub,
    move_class,
    rename_class,
    change_keywords,
    change_signature,
    change_signature,
    remove_statement,
    remove_statement,
    make_conditional,
    module_getattr,
    inline_option,
    ignore_code,
    change_configuration,
    toggle_typed,
    swap_modules,
    shadow_library,
]
