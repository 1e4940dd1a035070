"""How often the other side of a quote is shown, and how often one that is none.

    python -m tests.benchmarks.disputes [tuning|kept]

The cases are short documents that deny, doubt or contradict each other, or only seem to. Each
question is asked twice with the models that ship: of the documents of its case alone, and of the
documents of all cases together. "Marked" are the quotes under "Disputed" and "Another source says"
beside the first quote; the precision is the share of them that is the other side, the recall the
share of the disputes that are marked.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.cli import progress_bar
from index.core.scope import Scope
from index.core.settings import IndexSettings
from index.library import EVERYTHING, Library
from tests.support.disputes import Case, Judged, index_cases, judge, rates, read_cases, scopes_of


def ask(library: Library, cases: Sequence[Case], scopes: Mapping[int, Scope]) -> list[Judged]:
    """Ask the question of each case within its scope."""
    judged = []
    with progress_bar("Asking") as progress:
        for done, case in enumerate(cases, start=1):
            answer = library.ask(case.question, scopes.get(case.number, EVERYTHING))
            judged.append(judge(case, answer))
            progress(done, len(cases))
    return judged


def tabulate(title: str, judged: Sequence[Judged]) -> Table:
    """Return the figures of each kind of cases, and of all."""
    table = Table("kind", "cases", "disputes", "marked", "right", "wrong", title=title)
    kinds: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        kinds[one.case.kind].append(one)
    for kind, of_kind in [*kinds.items(), ("all", list(judged))]:
        right, wrong = sum(one.right for one in of_kind), sum(one.wrong for one in of_kind)
        disputes = sum(one.case.other is not None for one in of_kind)
        figures = len(of_kind), disputes, right + wrong, right, wrong
        table.add_row(kind, *map(str, figures))
    total = rates(judged)
    table.caption = f"precision {total.precision:.3f}, recall {total.recall:.3f}"
    return table


def main(part: str | None) -> None:
    """Index the cases of a part, ask their questions, and print a table for each way to ask."""
    cases = read_cases(part)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "cases"
        folder.mkdir()
        library = Library(IndexSettings(data=Path(made) / "data"))
        index_cases(library, cases, folder)
        apart = ask(library, cases, scopes_of(library, cases))
        together = ask(library, cases, {})
        library.close()
    name = part or "all"
    Console().print(tabulate(f"{name} cases, each alone", apart))
    Console().print(tabulate(f"{name} cases, all documents together", together))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
