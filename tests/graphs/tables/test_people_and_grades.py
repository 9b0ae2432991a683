"""Tables of people, degrees with a number, names of files that say what rows are, and countries' adjectives."""

from __future__ import annotations

from collections import Counter

import pytest

from evidentia import Library
from evidentia.graphs.cypher.guard import check, check_schema

FILES = {
    "harbour_deaths.csv": """First name,Last name,Age,Gender,Race,Death date,District,Type
Ada,Lum,87,Female,White,1911-05-02,Quay,Death
Ben,Kay,16,Male,Black,1911-05-01,Quay,Accident
Cy,Orr,42,Male,Black,1911-05-01,Mole,Accident
Dee,Fox,33,Female,Latino,1911-05-03,Quay,Accident
Eli,Poe,61,Male,White,1911-05-04,Mole,Crime
Flo,Ray,29,Female,Black,1911-05-04,Mole,Accident
""",
    "cars.csv": """Name,Cylinders,Horsepower,Weight in lbs,Origin
Saab 99e,4,95,2375,Europe
Audi 100,4,90,2430,Europe
Ford Torino,8,140,3449,USA
Mazda RX,3,97,2330,Japan
Toyota Mark II,6,108,2930,Japan
Peugeot Turbo,5,120,3100,Europe
""",
    "wages.csv": """Clerk,Section,Salary,Pop
Ada Lum,A,31000,3
Ben Kay,B,28000,4
Cy Orr,A,26000,9
""",
    "mammal_sleep.csv": """"","name","diet","clan","awake"
"1","Cheetah","carni","Carnivora",11.9
"2","Big brown bat","insecti","Chiroptera",4.3
"3","Little brown bat","insecti","Chiroptera",4.1
"4","House mouse","herbi","Rodents",11.5
"5","Roe deer","herbi","Hoofed",21
"6","Vole","herbi","Rodents",11.2
""",
}


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("How many women were killed?", {(3,)}),
        ("How many Black men died?", {(2,)}),
        ("How many people died in Mole?", {(3,)}),
        ("How many victims were under 18?", {(1,)}),
        ("How many deaths were there?", {(6,)}),
        ("How many deaths weren't accidents?", {(2,)}),
        ("In which district did the most people die?", {("Mole", 3), ("Quay", 3)}),
        ("What was the most common type of death?", {("Accident", 4)}),
        ("Who was older than 60?", {("Ada", "Lum", 87), ("Eli", "Poe", 61)}),
        ("Who was the oldest woman to die?", {("Ada", "Lum", "Female", 87)}),
        ("Who was the youngest victim in the harbour?", {("Ben", "Kay", 16)}),
        ("Which car with 4 cylinders has the most horsepower?", {("Saab 99e", 4, 95)}),
        ("How many cars from Japan weigh less than 2500 lbs?", {(1,)}),
        ("Which cars are heavier than 3000?", {("Ford Torino", 3449), ("Peugeot Turbo", 3100)}),
        ("What is the heaviest Japanese car?", {("Toyota Mark II", "Japan", 2930)}),
        ("Which European cars have 5 cylinders?", {("Peugeot Turbo", 5, "Europe")}),
        ("How many American cars are there?", {(1,)}),
        ("Does the Saab 99e have more horsepower than the Audi 100?", {("Saab 99e", 95), ("Audi 100", 90)}),
        ("How many bats are there?", {(2,)}),
        ("How many clerks are in section A?", {(2,)}),
        ("Which clerk earns the most?", {("Ada Lum", 31000)}),
        ("How many clerks earn less than 30000?", {(2,)}),
        ("What is the population of Ben Kay?", {(4,)}),
        ("How many rodents are there?", {(2,)}),
        ("Which animals are awake for more than 20 hours?", {("Roe deer", 21)}),
    ],
)
def test_a_question_is_answered_by_the_rows_that_it_means(
    library: Library, question: str, rows: set[tuple[object, ...]]
):
    answer = library.tables.ask(question)
    assert answer.fit in ("sure", "likely"), answer.reasons
    assert Counter(answer.citations[0].evidence.rows) == Counter(rows)
    check(answer.metadata["query"])
    check_schema(answer.metadata["query"], library.graph.schema())


@pytest.mark.parametrize(
    "question",
    [
        "Who hasn't been arrested?",
        "How many women were arrested?",
        "Who was richer than 60?",
        "Which cars are longer than 20?",
        "Which German cars have 5 cylinders?",
        "How many umbrellas are there?",
    ],
)
def test_what_no_column_tells_is_not_shown_as_fitting(library: Library, question: str):
    answer = library.tables.ask(question)
    assert answer.status == "not_found" or answer.fit == "unsure", answer.text
