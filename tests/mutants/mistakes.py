"""Small mistakes that a tired programmer could make in a Python file, each as an edit of its source.

Not included, and why: docstrings, comments, annotations and types don't run; nor are logging, `assert`s (notes for the
type checker), `__all__` and `__slots__` tested. Texts for people are judged by reading them. A longer time limit, a
larger cache, a thread's name or a saved copy can't be noticed by a test without waiting or counting. A version number
that is one higher is just as valid. Text inside f-strings is excluded because Python 3.11 doesn't give its position.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

SWAPPED = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.In: ("in", "not in"), ast.NotIn: (r"not\s+in", "in"),
    ast.Is: ("is", "is not"), ast.IsNot: (r"is\s+not", "is"), ast.And: ("and", "or"), ast.Or: ("or", "and"),
    ast.Add: (r"\+", "-"), ast.Sub: ("-", "+"), ast.Mult: (r"\*", "/"), ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "%"), ast.Mod: ("%", "//"), ast.Pow: (r"\*\*", "*"), ast.BitAnd: ("&", "|"),
    ast.BitOr: (r"\|", "&"), ast.LShift: ("<<", ">>"), ast.RShift: (">>", "<<"),
}  # fmt: skip
"""Pattern of each operator in the source, and its replacement."""

NEGATED_BY_ITS_OPERATOR = (ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot)

PAIRS = (
    ("min", "max"), ("any", "all"), ("minimum", "maximum"), ("argmin", "argmax"), ("floor", "ceil"),
    ("startswith", "endswith"), ("removeprefix", "removesuffix"), ("lstrip", "rstrip"),
)  # fmt: skip
OTHER_FUNCTION = {name: other for pair in PAIRS for name, other in (pair, pair[::-1])}

UNSEEN_KEYWORDS = frozenset(
    {"maxsize", "timeout", "name", "thread_name_prefix", "daemon", "copy", "encoding", "errors", "strict", "stacklevel"}
)
"""Arguments that make no difference here: Linux uses UTF-8 anyway, and `zip(strict=True)` is an assertion."""

UNSEEN_CALLS = frozenset({"isinstance", "QT_TRANSLATE_NOOP"})
"""Calls with a type, and with a text for people."""

LOGGERS = frozenset({"logger", "logging", "warnings"})
UNSEEN_NAMES = frozenset({"__all__", "__slots__", "TYPE_CHECKING"})

Place = tuple[int, int]
"""Line, from 1, and byte in the line, as in `ast`."""


@dataclass(frozen=True)
class Mistake:
    """One edit of a file's source."""

    begin: int  # in bytes, as `end`
    end: int
    text: str  # replaces the source from `begin` to `end`
    function: str  # the outermost function around it: `name` or `Class.name`; empty outside of functions
    names: tuple[str, ...]  # outside of functions: names by which the rest of the program refers to the changed code


def mistakes_in(source: bytes, required: dict[str, frozenset[str]]) -> list[Mistake]:
    """List the mistakes that can be made in a file, in the order of the source.

    Args:
        source: of the file.
        required: from `required_arguments`; leaving one of these out would only raise a `TypeError`.
    """
    finder = _Finder(source, required)
    finder.visit(ast.parse(source))
    original = _essence(compile(source, "", "exec"))
    found = sorted(dict.fromkeys(finder.found), key=lambda mistake: (mistake.begin, mistake.end))
    return [mistake for mistake in found if _differs(applied(source, mistake), original)]


def applied(source: bytes, mistake: Mistake) -> bytes:
    """Return the source with the mistake."""
    return source[: mistake.begin] + mistake.text.encode() + source[mistake.end :]


def required_arguments(sources: Iterator[bytes]) -> dict[str, frozenset[str]]:
    """Return the required arguments of functions and classes, by the name of the callable."""
    found: dict[str, frozenset[str]] = {}
    for node in (node for source in sources for node in ast.walk(ast.parse(source))):
        match node:
            case ast.FunctionDef(name=name, args=args):
                positional = [*args.posonlyargs, *args.args]
                plain = positional[: len(positional) - len(args.defaults)]
                plain += [one for one, default in zip(args.kwonlyargs, args.kw_defaults, strict=True) if not default]
                needed = frozenset(one.arg for one in plain)
            case ast.ClassDef(name=name, body=body):
                needed = frozenset(
                    field.target.id
                    for field in body
                    if isinstance(field, ast.AnnAssign) and not field.value and isinstance(field.target, ast.Name)
                )
            case _:
                continue
        found[name] = found.get(name, frozenset()) | needed
    return found


def names_bound(statement: ast.stmt) -> list[str]:
    """Return the names that an assignment, a function or a class binds."""
    match statement:
        case ast.Assign(targets=targets):
            return [_name_of(node) for target in targets for node in ast.walk(target) if _is_bound(node)]
        case ast.AnnAssign(target=target):
            return [_name_of(target)]
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return [name]
    return []


def _is_bound(node: ast.AST) -> bool:
    return isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store)


def _differs(source: bytes, original: object) -> bool:
    """Return whether changed source is valid Python, and a different program."""
    try:
        return _essence(compile(source, "", "exec", dont_inherit=True)) != original
    except (SyntaxError, ValueError):
        return False


def _essence(code: CodeType) -> object:
    """Reduce compiled code to its behaviour, without line numbers."""
    constants = [_essence(one) if isinstance(one, CodeType) else repr(one) for one in code.co_consts]
    return code.co_code, constants, code.co_names, code.co_varnames, code.co_freevars


class _Finder(ast.NodeVisitor):
    """Walks through a file and collects the mistakes."""

    def __init__(self, source: bytes, required: dict[str, frozenset[str]]) -> None:
        self.found: list[Mistake] = []
        self._source = source
        self._required = required
        self._starts = [0]  # of lines, in bytes
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._classes: list[str] = []
        self._function = ""
        self._names: tuple[str, ...] = ()

    # --- Edits ----------------------------------------------------------------------------------------------------

    def _put(self, begin: int, end: int, text: str) -> None:
        names = () if self._function else (*self._classes[-1:], *self._names)
        self.found.append(Mistake(begin, end, text, self._function, names))

    def _replace(self, node: ast.AST, text: str) -> None:
        self._put(*self._span(node), text)

    def _swap_operator(self, operator: ast.AST, left: ast.AST, right: ast.AST) -> None:
        """Replace the operator between two operands."""
        pattern, other = SWAPPED.get(type(operator), (None, ""))
        begin, end = self._span(left)[1], self._span(right)[0]
        if pattern and (place := re.search(pattern.encode(), self._source[begin:end])):
            self._put(begin + place.start(), begin + place.end(), other)

    def _negate(self, condition: ast.expr) -> None:
        match condition:
            case ast.Constant() | ast.UnaryOp(op=ast.Not()):
                return  # these are changed separately
            case ast.Compare(ops=[operator]) if isinstance(operator, NEGATED_BY_ITS_OPERATOR):
                return
        self._replace(condition, f"not ({self._text(condition)})")

    def _span(self, node: ast.AST) -> tuple[int, int]:
        return (
            self._starts[node.lineno - 1] + node.col_offset,  # type: ignore[attr-defined]
            self._starts[node.end_lineno - 1] + node.end_col_offset,  # type: ignore[attr-defined]
        )

    def _text(self, node: ast.AST) -> str:
        begin, end = self._span(node)
        return self._source[begin:end].decode()

    # --- The current class, function and names ----------------------------------------------------------------------

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        for keyword in node.keywords:  # `frozen`, `slots` and the like concern types only; a tag matters
            if isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str):
                self.visit(keyword.value)
        self._visit_body(node.body)
        self._classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        outer = self._function
        self._function = outer or ".".join([*self._classes, node.name])
        for default in filter(None, (*node.args.defaults, *node.args.kw_defaults)):
            self.visit(default)
        self._visit_body(node.body)
        self._function = outer

    def visit_Module(self, node: ast.Module) -> None:
        self._visit_body(node.body)

    def _visit_body(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            if not self._function:
                # A field is identified by its class: everything has a `size` and a `path`.
                self._names = tuple(name for name in names_bound(statement) if name.isupper() or not self._classes)
            self.visit(statement)

    def visit_Assign(self, node: ast.Assign) -> None:
        if not any(name in UNSEEN_NAMES or name.endswith("VERSION") for name in names_bound(node)):
            if all(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
                self._replace(node, "pass")
            self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    # --- Statements -----------------------------------------------------------------------------------------------

    def visit_Expr(self, node: ast.Expr) -> None:
        if not _is_text(node) and not _is_logging(node.value):
            if isinstance(node.value, ast.Call):
                self._replace(node, "pass")
            self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._swap_operator(node.op, node.target, node.value)
        self._replace(node, "pass")
        self.visit(node.value)

    def visit_Return(self, node: ast.Return) -> None:
        is_changed_itself = isinstance(node.value, ast.Constant) and (node.value.value is True or not node.value.value)
        if node.value and not is_changed_itself:
            self._replace(node.value, "None")
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        self._replace(node, "pass")
        self.generic_visit(node)

    def visit_Delete(self, node: ast.Delete) -> None:
        self._replace(node, "pass")

    def visit_Break(self, node: ast.Break) -> None:
        self._replace(node, "continue")

    def visit_Continue(self, node: ast.Continue) -> None:
        self._replace(node, "break")

    def visit_Assert(self, node: ast.Assert) -> None:
        """Skipped."""

    def visit_If(self, node: ast.If) -> None:
        if not (isinstance(node.test, ast.Name) and node.test.id in UNSEEN_NAMES):
            self._negate(node.test)
            self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    def visit_match_case(self, node: ast.match_case) -> None:
        if node.guard:
            self._negate(node.guard)
        self.generic_visit(node)

    # --- Expressions ----------------------------------------------------------------------------------------------

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for condition in node.ifs:
            self._negate(condition)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        operands = [node.left, *node.comparators]
        for operator, left, right in zip(node.ops, operands[:-1], operands[1:], strict=True):
            self._swap_operator(operator, left, right)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        for left, right in zip(node.values[:-1], node.values[1:], strict=True):
            self._swap_operator(node.op, left, right)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if self._function or not isinstance(node.op, ast.BitOr):  # outside of functions, it joins types
            self._swap_operator(node.op, node.left, node.right)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        is_simple = isinstance(node.operand, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant)
        operand = self._text(node.operand)
        self._replace(node, operand if is_simple else f"({operand})")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = _name_of(node.func)
        if name in UNSEEN_CALLS:
            return
        if other := OTHER_FUNCTION.get(name):
            end = self._span(node.func)[1]
            self._put(end - len(name), end, other)
        for keyword in node.keywords:
            if keyword.arg and keyword.arg not in UNSEEN_KEYWORDS | self._required.get(name, frozenset()):
                self._leave_out(node, keyword)
        arguments = node.args[1:] if name == "cast" else node.args  # the first is a type
        seen = [keyword.value for keyword in node.keywords if keyword.arg not in UNSEEN_KEYWORDS]
        for part in (node.func, *arguments, *seen):
            self.visit(part)

    def _leave_out(self, call: ast.Call, keyword: ast.keyword) -> None:
        arguments = sorted([*call.args, *call.keywords], key=self._span)
        place = arguments.index(keyword)
        begin, end = self._span(keyword)
        if place:
            begin = self._span(arguments[place - 1])[1]
        elif len(arguments) > 1:
            end = self._span(arguments[1])[0]
        self._put(begin, end, "")

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if _name_of(node.value) != "Literal":
            self.generic_visit(node)

    def visit_Slice(self, node: ast.Slice) -> None:
        for bound in (node.lower, node.upper, node.step):
            if bound:
                self._replace(bound, "")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        other = _other_constant(node.value)
        if other is not None:
            self._replace(node, other)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """Skipped."""


def _other_constant(value: object) -> str | None:
    match value:
        case bool():
            return str(not value)
        case int():
            return f"{value + 1 if value < 256 else 2 * value:_}"
        case float():
            return repr(2 * value or 1.0)
        case str() if not _is_for_people(value):
            return repr(value + "XX")
        case bytes():
            return repr(value + b"XX")
    return None


def _is_for_people(text: str) -> bool:
    return " " in text and any(letter.isalpha() for letter in text)


def _is_text(node: ast.AST) -> bool:
    """Return whether a statement is a docstring, of a module, a definition or an attribute."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_logging(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
            return name in LOGGERS
    return False


def _name_of(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
