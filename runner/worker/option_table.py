"""Every option of mypy by what it means to a check of single components: the one place that knows.

An option is here under the attribute of mypy's Options that holds it; options of the command line that have no
attribute of their own are under their destination. What the table does not know, because a newer mypy has it, is
never ignored: an attribute goes into every key, and a destination that was given makes mypy itself run.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from enum import Enum
from typing import Final

from mypy.main import define_options
from mypy.options import Options

SPECIAL: Final = "special-opts:"  # mypy's mark of destinations that are no attributes


class Effect(Enum):
    KEY = "key"
    PRINTING = "printing"
    SELECTION = "selection"
    ENVIRONMENT = "environment"
    NONE = "no effect"
    DELEGATED = "delegated"


ATTRIBUTES: Final[dict[Effect, tuple[str, ...]]] = {
    # What a check finds may depend on it: part of every key.
    Effect.KEY: (
        "allow_empty_bodies", "allow_redefinition", "allow_redefinition_old", "allow_untyped_globals", "always_false",
        "always_true", "check_unreachable", "check_untyped_defs", "deprecated_calls_exclude",
        "disable_bytearray_promotion", "disable_error_code", "disable_expression_cache",
        "disable_memoryview_promotion", "disabled_error_codes", "disallow_any_decorated", "disallow_any_explicit",
        "disallow_any_expr", "disallow_any_generics", "disallow_any_unimported", "disallow_incomplete_defs",
        "disallow_subclassing_any", "disallow_untyped_calls", "disallow_untyped_decorators", "disallow_untyped_defs",
        "enable_error_code", "enable_incomplete_feature", "enabled_error_codes", "extra_checks", "follow_imports",
        "follow_imports_for_stubs", "follow_untyped_imports", "hide_error_codes", "ignore_errors",
        "ignore_missing_imports", "ignore_missing_imports_per_module", "implicit_optional", "implicit_reexport",
        "include_docstrings", "local_partial_types", "no_silence_site_packages", "old_type_inference",
        "per_module_options", "platform", "pos_only_special_methods", "python_version", "report_deprecated_as_note",
        "reveal_verbose_types", "show_error_code_links", "strict_bytes", "strict_concatenate", "strict_equality",
        "strict_equality_for_none", "strict_optional", "untyped_calls_exclude", "warn_incomplete_stub",
        "warn_no_return", "warn_redundant_casts", "warn_return_any", "warn_unreachable", "warn_unused_ignores",
    ),
    # How messages look, or what is said about the run as a whole: applied to stored results at the end.
    Effect.PRINTING: (
        "color_output", "error_summary", "output", "pretty", "show_absolute_path", "show_column_numbers",
        "show_error_context", "show_error_end", "show_traceback", "warn_unused_configs",
    ),
    # Which files are checked, and as which modules: the module graph shows it.
    Effect.SELECTION: (
        "build_type", "exclude", "exclude_gitignore", "explicit_package_bases", "fast_module_lookup", "files",
        "modules", "namespace_packages", "packages", "scripts_are_modules",
    ),
    # Where things are found: what is found there is part of keys, its place is not.
    Effect.ENVIRONMENT: (
        "abs_custom_typeshed_dir", "config_file", "custom_typeshed_dir", "mypy_path", "no_site_packages", "plugins",
        "python_executable",
    ),
    # mypy's own cache and processes, which no check of a component has.
    Effect.NONE: (
        "cache_dir", "debug_cache", "fast_exit", "fixed_format_cache", "incremental", "junit_format",
        "mypyc_skip_c_generation", "num_workers", "skip_cache_mtime_checks", "skip_version_check", "sqlite_cache",
        "sqlite_num_shards",
    ),
    # What mypy does or prints then needs one whole run of it.
    Effect.DELEGATED: (
        "bazel", "cache_fine_grained", "cache_map", "custom_typing_module", "debug_serialize", "dump_build_stats",
        "dump_deps", "dump_graph", "dump_inference_stats", "dump_type_stats", "export_ref_info", "export_types",
        "fine_grained_incremental", "inspections", "install_types", "junit_xml", "line_checking_stats",
        "logical_deps", "many_errors_threshold", "mypyc", "mypyc_annotation_file", "native_parser",
        "non_interactive", "package_root", "pdb", "preserve_asts", "quickstart_file", "raise_exceptions",
        "report_dirs", "semantic_analysis_only", "shadow_file", "test_env", "timing_stats", "transform_source",
        "use_builtins_fixtures", "use_fine_grained_cache", "verbosity",
    ),
}  # fmt: skip

DESTINATIONS: Final[dict[Effect, tuple[str, ...]]] = {
    Effect.KEY: ("special-opts:python_version", "special-opts:strict"),
    Effect.SELECTION: (
        "special-opts:command", "special-opts:files", "special-opts:modules", "special-opts:packages",
    ),
    Effect.ENVIRONMENT: ("special-opts:no_executable", "special-opts:python_executable"),
    Effect.DELEGATED: (
        "help", "special-opts:any-exprs_report", "special-opts:cache_map",
        "special-opts:cobertura-xml_report", "special-opts:find_occurrences", "special-opts:html_report",
        "special-opts:linecount_report", "special-opts:linecoverage_report", "special-opts:lineprecision_report",
        "special-opts:txt_report", "special-opts:xml_report", "special-opts:xslt-html_report",
        "special-opts:xslt-txt_report", "version",
    ),
}  # fmt: skip

EFFECTS: Final[dict[str, Effect]] = {
    name: effect for table in (ATTRIBUTES, DESTINATIONS) for effect, names in table.items() for name in names
}


def key_options(options: Options) -> dict[str, object]:
    """The global options that are part of every key; sections are part of the keys of their modules."""
    return {
        name: value
        for name, value in options.snapshot().items()
        if EFFECTS.get(name, Effect.KEY) is Effect.KEY and name != "per_module_options"
    }


def whole_run_option(options: Options, argv: list[str]) -> str | None:
    """The first option that only a whole run of mypy can honour, as the user wrote it."""
    return next(_whole_run_options(options, argv), None)


def _whole_run_options(options: Options, argv: list[str]) -> Iterator[str]:
    parser, _, _ = define_options()
    given = vars(parser.parse_args(argv, argparse.Namespace()))
    for dest, value in given.items():
        known = EFFECTS.get(dest, Effect.DELEGATED)
        if known is Effect.DELEGATED and value != parser.get_default(dest):
            yield _as_written(parser, dest, argv)
    where = options.config_file or "the environment"
    initial = Options()
    for name in ATTRIBUTES[Effect.DELEGATED]:
        default = getattr(initial, name)
        if getattr(options, name) != default:
            reports = [f"{kind.replace('-', '_')}_report" for kind in options.report_dirs]
            yield f"{reports[0] if name == 'report_dirs' else name} in {where}"
        for pattern, changes in options.per_module_options.items():
            if changes.get(name, default) != default:
                yield f"{name} for {pattern} in {where}"
    # Combinations that mypy refuses.
    if options.num_workers < 0 or (options.num_workers and not options.local_partial_types):
        yield "--num-workers"
    if options.allow_redefinition and (options.allow_redefinition_old or not options.local_partial_types):
        yield "--allow-redefinition"


def _as_written(parser: argparse.ArgumentParser, dest: str, argv: list[str]) -> str:
    names: list[str] = [name for action in parser._actions if action.dest == dest for name in action.option_strings]
    for token in argv:
        word = token.partition("=")[0]
        if token == "--":
            break
        if word in names:
            return word
        for name in names:
            if not name.startswith("--") and token.startswith(name):
                return name  # -vv, or with its value: -afile
            if len(word) > 2 and word.startswith("--") and name.startswith(word):
                return word  # abbreviated
    return names[-1] if names else dest.removeprefix(SPECIAL)
