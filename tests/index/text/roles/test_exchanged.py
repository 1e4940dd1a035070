"""Sentences that have the parties of a question in other roles."""

from __future__ import annotations

import pytest

from index.text.roles.exchanged import is_exchanged

RESCUE = "The coastguard rescued a fisherman, Tom Ridley, from the Morning Star."
FLIGHT = (
    "Earlier this week, more than 1,000 soldiers fled to Tajikistan as the Taliban captured most "
    "of the northern Badakhshan Province, which also borders China."
)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who did Tom Ridley rescue?", RESCUE),
        ("who was the coastguard rescued by", RESCUE),
        ("By whom was the coastguard rescued?", RESCUE),
        ("Did Tom Ridley rescue the coastguard?", RESCUE),
        ("was the coastguard rescued by tom ridley", RESCUE),
        ("Who did Tom Ridley rescue?", "Tom Ridley was rescued by the coastguard."),
        ("Who rescued the coastguard?", "Tom Ridley was rescued by the coastguard."),
        ("Who beat England?", "On Sunday England beat France 30-20."),
        ("how many taliban fled to tajikistan", FLIGHT),
        ("who captured china", FLIGHT),
        ("How many towns did the army take from the rebels?", "The rebels took nine towns."),
        ("When did Sullivan deny the fraud?", "On Tuesday Mr Ebbers denied the fraud."),
        ("Who did Ridley rescue?", f"It was a bad storm. {RESCUE}"),
    ],
)
def test_another_one_does_it(question: str, text: str) -> None:
    assert is_exchanged(question, text)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who rescued Tom Ridley?", RESCUE),
        ("Did the coastguard rescue Tom Ridley?", RESCUE),
        ("was tom ridley rescued by the coastguard", RESCUE),
        ("Who did the coastguard rescue?", RESCUE),
        ("Who was Tom Ridley rescued by?", "Tom Ridley was rescued by the coastguard."),
        ("Who rescued Tom Ridley?", "Tom Ridley was rescued by the coastguard."),
        ("Who did the coastguard rescue?", "Tom Ridley was rescued by the coastguard."),
        ("how many soldiers fled to tajikistan", FLIGHT),
        ("Where did Ridley fish?", RESCUE),  # says nothing of it
        ("Who did Ridley rescue?", "He rescued the coastguard, Ridley said."),  # he may be Ridley
        ("Who did Lee meet?", "Ann Brown met Lee in Rome."),  # both do
        ("What did Lee say?", '"It is over," said Lee.'),  # he follows
        ("Who did Ridley rescue?", f"{RESCUE} Later Ridley rescued two of them."),
        ("When did Voltaire publish it?", "It was first published in 1759 by Voltaire."),
        ("When did the company deny the fraud?", "On Tuesday WorldCom denied the fraud."),
        (
            "Who did Rupert murder?",
            "In 1975 Ruppert murdered eleven people.",
        ),
        ("Who runs the town's mill?", "The old mill is a museum run by the Town Trust."),
        ("Wen rettete Tom Ridley?", RESCUE),
        ("", ""),
    ],
)
def test_it_may_be_as_asked(question: str, text: str) -> None:
    assert not is_exchanged(question, text)
