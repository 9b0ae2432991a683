"""Documents that are alike but for a value: the head of each tells whose it is. Tables asked by row and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from evidentia import Library


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable]:
    opened: dict[str, Library] = {}

    def asked(name: str, files: dict[str, str], question: str):
        if name not in opened:
            folder = tmp_path_factory.mktemp(name)
            (folder / "source").mkdir()
            for file, text in files.items():
                (folder / "source" / file).write_text(text, encoding="utf-8")
            opened[name] = Library(folder / "library")
            opened[name].add(folder / "source")
        return opened[name].ask(question)

    yield asked
    for library in opened.values():
        library.close()


def contract(name: str, notice: int, pay: int) -> str:
    return (
        f"# Contract of employment\n\nBetween Harbour Mills Ltd and {name}.\n\n## Pay\n\nThe monthly salary is {pay} euros."
        f"\n\n## Notice\n\nThe period of notice is {notice} weeks.\n"
    )


CONTRACTS = {
    "contract-1.md": contract("Ines Duarte", 4, 3100),
    "contract-2.md": contract("Karl Osei", 6, 2750),
    "contract-3.md": contract("Mei Tanaka", 8, 3950),
}
LOGS = {
    f"log-{number}.txt": f"Greenhouse log\nWeek of {date}\n\n1. Heating: {degrees} degrees at night.\n2. Trays sown: {trays}.\n"
    for number, (date, degrees, trays) in enumerate(
        [("4 March 2024", 14, 31), ("8 April 2024", 12, 55), ("6 May 2024", 9, 72)]
    )
}
BILL = {
    "bill.md": "# Bill K-204\n\nGlazier Moss, Tax number 88 120.\n\n| Date of bill | 2 June 2025 |\n| --- | --- |\n"
    "| To be paid by | 16 June 2025 |\n\n## Work\n\n| Work | Hours | Amount |\n| --- | --- | --- |\n"
    "| New pane | 2 | 140.00 |\n| Putty | 1 | 35.00 |\n| Total |  | 175.00 |\n"
}
ROTA = {
    "rota.md": "# Kiosk rota\n\n| Name | Mon | Tue | Wed | Thu |\n| --- | --- | --- | --- | --- |\n"
    "| Aino | early | late | off | off |\n| Bela | off | early | late | late |\n| Chen | late | off | early | off |\n"
}
CLASSES = {
    "swim.md": "# Swimming lessons\n\n| Group | Pool | Begins |\n| --- | --- | --- |\n| Grades 1 and 2 | small | 14:00 |\n"
    "| Grades 3 to 5 | large | 15:10 |\n| Grade 6 | large | 16:20 |\n"
}


@pytest.mark.parametrize(
    ("name", "files", "question", "holds", "lacks"),
    [
        ("contracts", CONTRACTS, "What is the period of notice of Karl Osei?", "6 weeks", "8 weeks"),
        ("contracts", CONTRACTS, "What salary does Mei Tanaka get?", "3950", "3100"),
        ("logs", LOGS, "How many trays were sown in April 2024?", "55", "31"),
        ("logs", LOGS, "How warm was the heating at night in May?", "9 degrees", "14 degrees"),
        ("bill", BILL, "What is the total of bill K-204?", "175.00", "88 120"),
        ("bill", BILL, "What is the date of bill K-204?", "2 June 2025", "16 June"),
        ("rota", ROTA, "Who works late on Thursday?", "Bela", "Aino"),
        ("rota", ROTA, "Which shift does Chen have on Wednesday?", "early", "Aino"),
        ("swim", CLASSES, "When does the lesson of grade 4 begin?", "15:10", "14:00"),
    ],
)
def test_the_one_that_is_meant_is_told(
    answers: Callable, name: str, files: dict[str, str], question: str, holds: str, lacks: str
) -> None:
    answer = answers(name, files, question)
    assert answer.status == "quoted"
    shown = answer.text if not answer.short else answer.short
    assert holds in shown
    assert lacks not in shown
    assert all(citation.verified for citation in answer.citations)


def test_a_number_of_another_kind_is_not_called_the_one_asked_for(answers: Callable) -> None:
    answer = answers("bill", BILL, "What is the bank account number on bill K-204?")
    assert answer.fit not in ("sure", "likely")


RECORDS = {
    "stock.json": '[\n {"sku": "B-77", "name": "Bell", "price": 12.5, "left": 3},\n'
    ' {"sku": "L-31", "name": "Lamp", "price": 48, "left": 0},\n {"sku": "P-09", "name": "Pump", "price": 21, "left": 8}\n]\n'
}


@pytest.mark.parametrize(
    ("question", "short"), [("What is the price of L-31?", "48"), ("How many pumps are left?", "8")]
)
def test_a_record_is_asked_as_a_row_is(answers: Callable, question: str, short: str) -> None:
    answer = answers("stock", RECORDS, question)
    assert answer.short == short


TALK = {
    "talk.txt": "Good evening. I bake since 1988. The question I hear most is: how long does the dough rest? In summer, about"
    " nine hours. In winter it takes a whole day. Salt comes last.\n"
}


def test_a_question_inside_a_paragraph_governs_the_sentence_behind_it(answers: Callable) -> None:
    answer = answers("talk", TALK, "How long does the dough rest in summer?")
    assert "nine hours" in answer.text
    assert answer.fit in ("sure", "likely")


NEWS = {
    "a.txt": "Plotter 2.1 - released 3 May 2024\n\nAdded\n- Log axes\n\nRemoved\n- The old importer\n",
    "b.txt": "Plotter 2.2 - released 9 October 2024\n\nAdded\n- Dark theme\n\nRemoved\n- Support for XLS\n",
}


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [("What was removed in 2.2?", "XLS", "importer"), ("Which version added log axes?", "Plotter 2.1", "Dark")],
)
def test_a_short_line_right_above_a_list_is_its_heading(
    answers: Callable, question: str, holds: str, lacks: str
) -> None:
    answer = answers("news", NEWS, question)
    assert holds in answer.text or any(holds in one.evidence.name for one in answer.citations)
    assert lacks not in answer.text
