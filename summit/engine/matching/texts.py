"""How alike what people wrote is, from every word and word pair they use; docs/matching.md has the formulas.

Everything is worked out for the distinct lists of texts in sorted order and handed to the people afterwards, so that
neither the order of the people nor how often a text is repeated changes a bit of the result.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array

from summit.engine.matching.encoder import Encoder, encoder_named
from summit.engine.matching.profiles import FloatArray, IntArray

EXACT_UP_TO = 2000
"""With more people than this, only each one's most alike are kept."""
MOST_ALIKE = 100
CROWD = 500
"""What more people than this share, or are equally alike to at the cut, says nothing and is left out."""
ENCODER_SHARE = 0.3
BEST = 3
BLOCK_CELLS = 1 << 22
COMMON_TERMS = 64
"""Above `EXACT_UP_TO`, so many of the most frequent terms are multiplied as a plain matrix, which is faster."""
FINE = 2.0**24
"""Plain matrices are rounded to this fraction: whole numbers add up to the same in any order of adding."""
DIGITS = 12
"""Digits that a likeness keeps: rounding errors of the last few must not part what is equal."""

WORD = re.compile(r"\w+")


def likeness(
    texts: Sequence[Sequence[str]],
    *,
    encoder: Encoder | None = None,
    exact_up_to: int = EXACT_UP_TO,
    most: int = MOST_ALIKE,
) -> csr_array:
    """Return how alike any two people's texts are: sparse symmetric (n, n), 0..1, nothing on the diagonal.

    Two texts are as alike as the cosine of their words and word pairs (TF-IDF), mixed with the encoder's where there is
    one. Of two people, each text of the one counts with its best counterpart, the best three of them on average, fewer
    when there are fewer; and the side that comes off worse decides. So ten papers against one are the mean of the best
    three, and the same texts are 1. O(n²) time, O(n) memory above `exact_up_to`.
    """
    lists = [tuple(sorted({text for each in own if (text := _normal(each))})) for own in texts]
    shared = Counter(own for own in lists if own)
    if not shared:
        return csr_array((len(lists), len(lists)))
    # People with equally many texts follow each other, so that a block of them is a plain array.
    distinct = sorted(shared, key=lambda own: (len(own), own))
    heads = np.array([shared[own] for own in distinct], dtype=np.int64)
    limit = most if len(lists) > exact_up_to else None
    between = _between(_Texts.of(distinct, encoder, fast=limit is not None), heads, limit)
    number = {own: index for index, own in enumerate(distinct)}
    return _handed_out(between, [number.get(own, -1) for own in lists])


def comparison(encoder: str) -> Callable[[Sequence[Sequence[str]]], csr_array]:
    """Return `likeness` with the encoder that a setting names, loaded when texts are compared and not before."""

    def compare(texts: Sequence[Sequence[str]]) -> csr_array:
        return likeness(texts, encoder=encoder_named(encoder))

    return compare


def line_likeness(lines: Sequence[str], among: Sequence[str]) -> FloatArray:
    """Return how alike any two lines are by the words that tell them apart from others: dense (k, k).

    Terms in more than a tenth of all lines, `among` included, don't count: how lines usually begin is nothing shared.
    """
    words = tf_idf([_normal(line) for line in (*lines, *among)])
    in_lines = np.bincount(words.indices, minlength=words.shape[1])
    telling = in_lines <= max(2, words.shape[0] // 10)
    words = _of_length_one(csr_array(words[: len(lines)] @ diags_array(telling.astype(np.float64))))
    return np.asarray(np.minimum((words @ words.T).toarray(), 1.0))


def _normal(text: str) -> str:
    """Return the words of a text, one space between them; empty when it has none."""
    return " ".join(WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


@dataclass(frozen=True, eq=False)
class _Texts:
    """The texts of the distinct lists, one after the other.

    words: (t, v), their weights; across: (v, t), the same transposed. common: (t, COMMON_TERMS), weights taken out of
    them, or None. meaning: (t, d), with an encoder only. The plain matrices are in whole units of 1/FINE.
    first: where the texts of each list begin, and at the end how many texts there are.
    """

    words: csr_array
    across: csr_array
    common: FloatArray | None
    meaning: FloatArray | None
    first: IntArray

    @classmethod
    def of(cls, distinct: list[tuple[str, ...]], encoder: Encoder | None, *, fast: bool) -> "_Texts":
        every = sorted({text for own in distinct for text in own})
        number = {text: index for index, text in enumerate(every)}
        order = np.array([number[text] for own in distinct for text in own], dtype=np.int64)
        meaning = None
        if encoder is not None:
            # In sorted order: what stands beside a text in the encoder's batch must not depend on who wrote it.
            meaning = np.rint(np.asarray(encoder.encode(every), dtype=np.float64) * FINE)[order]
        first = np.concatenate([[0], np.cumsum([len(own) for own in distinct])])
        words, common = csr_array(tf_idf(every)[order]), None
        if fast and words.shape[1] > COMMON_TERMS:
            words, common = _without_common(words)
        return cls(words, csr_array(words.T), common, meaning, first.astype(np.int64))

    @property
    def size(self) -> IntArray:
        return np.diff(self.first)

    def likeness_of(self, start: int, stop: int) -> FloatArray:
        """Return how alike texts start..stop-1 are to all texts: dense (stop - start, t)."""
        found: FloatArray = (self.words[start:stop] @ self.across).toarray()
        if self.common is not None:
            found += (self.common[start:stop] @ self.common.T) / FINE**2
        if self.meaning is not None:
            cosine = (self.meaning[start:stop] @ self.meaning.T) / FINE**2
            found = (1 - ENCODER_SHARE) * found + ENCODER_SHARE * np.maximum(cosine, 0.0)
        return np.minimum(found, 1.0)


def tf_idf(texts: Sequence[str]) -> csr_array:
    """Return the weights of words and word pairs in texts of words parted by spaces: (texts, terms), rows of length 1.

    A term that occurs f times in a text, and in d of n texts, weighs (1 + ln f) · (1 + ln((1 + n) / (1 + d))).
    """
    counts = [Counter(_terms(text)) for text in texts]
    vocabulary = {term: index for index, term in enumerate(sorted({term for count in counts for term in count}))}
    columns = np.array([vocabulary[term] for count in counts for term in count], dtype=np.int64)
    often = np.array([times for count in counts for times in count.values()], dtype=np.float64)
    ends = np.cumsum([0, *(len(count) for count in counts)])
    weights = csr_array((1 + np.log(often), columns, ends), shape=(len(texts), len(vocabulary)))
    weights.sort_indices()
    in_texts = np.bincount(columns, minlength=len(vocabulary))
    weights = csr_array(weights @ diags_array(1 + np.log((1 + len(texts)) / (1 + in_texts))))
    weights.sort_indices()
    return _of_length_one(weights)


def _of_length_one(weights: csr_array) -> csr_array:
    length = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    return csr_array(diags_array(1 / np.where(length > 0, length, 1)) @ weights)


def _without_common(words: csr_array) -> tuple[csr_array, FloatArray]:
    """Part the most frequent terms from the others: the others, sparse, and them in whole units of 1/FINE, plain."""
    frequent = np.bincount(words.indices, minlength=words.shape[1])
    common = np.argsort(-frequent, kind="stable")[:COMMON_TERMS]
    rare = np.ones(words.shape[1])
    rare[common] = 0.0
    others = csr_array(words @ diags_array(rare))
    others.eliminate_zeros()
    return others, np.rint(words[:, common].toarray() * FINE)


def _terms(text: str) -> Iterator[str]:
    words = text.split()
    yield from words
    yield from (f"{left} {right}" for left, right in pairwise(words))


def _between(texts: _Texts, heads: IntArray, limit: int | None) -> csr_array:
    """Return how alike the distinct lists are, those with themselves that several people share included."""
    lists = heads.size
    found = []
    for start, stop in _stretches(texts):
        block = _of_lists(texts, start, stop)
        own = np.arange(start, stop)
        block[own - start, own] = 0.0
        rows, columns = np.nonzero(block) if limit is None else _most_alike(block, heads, limit)
        found.append((rows + start, columns, np.round(block[rows, columns], DIGITS)))
    rows, columns, values = (np.concatenate(part) for part in zip(*found, strict=True))
    one_way = csr_array((values, (rows, columns)), shape=(lists, lists))
    # The people with the very same texts don't use up the places of others.
    same = (heads > 1) & ((heads <= CROWD) | (limit is None))
    return csr_array(one_way.maximum(one_way.T) + diags_array(same.astype(np.float64)))


def _stretches(texts: _Texts) -> Iterator[tuple[int, int]]:
    """Cut the lists into stretches of equally many texts each, whose block has about BLOCK_CELLS cells."""
    sizes, total = texts.size, int(texts.first[-1])
    edges = [0, *(np.flatnonzero(np.diff(sizes)) + 1).tolist(), sizes.size]
    for begin, end in pairwise(edges):
        height = max(1, BLOCK_CELLS // (total * int(sizes[begin])))
        for start in range(begin, end, height):
            yield start, min(start + height, end)


def _of_lists(texts: _Texts, start: int, stop: int) -> FloatArray:
    """Return how alike lists start..stop-1, equally long ones, are to all lists: dense (stop - start, lists)."""
    between = texts.likeness_of(int(texts.first[start]), int(texts.first[stop]))
    if texts.first[-1] == texts.size.size:
        return between
    size = int(texts.size[start])
    edges = [0, *(np.flatnonzero(np.diff(texts.size)) + 1).tolist(), texts.size.size]
    ours = np.empty((between.shape[0], texts.size.size))
    for begin, end in pairwise(edges):
        of_each = between[:, texts.first[begin] : texts.first[end]].reshape(between.shape[0], end - begin, -1)
        ours[:, begin:end] = _best(of_each, axis=2)
    mine = _mean_of_best(ours.reshape(stop - start, size, -1), axis=1)
    theirs = _best(between.reshape(stop - start, size, -1), axis=1)
    for begin, end in pairwise(edges):
        each = theirs[:, texts.first[begin] : texts.first[end]].reshape(stop - start, end - begin, -1)
        mine[:, begin:end] = np.minimum(mine[:, begin:end], _mean_of_best(each, axis=2))
    return mine


def _mean_of_best(values: FloatArray, axis: int) -> FloatArray:
    count = values.shape[axis]
    if count > BEST:
        values = np.take(np.partition(values, count - BEST, axis=axis), range(count - BEST, count), axis=axis)
    parts = list(np.moveaxis(values, axis, 0))
    if len(parts) == BEST:
        # In order of size, the sum is the same whichever text the best came from; of two it is anyway.
        low, high = np.minimum(parts[0], parts[1]), np.maximum(parts[0], parts[1])
        middle = np.maximum(low, parts[2])
        parts = [np.minimum(low, parts[2]), np.minimum(middle, high), np.maximum(middle, high)]
    return np.asarray(reduce(np.add, parts) / len(parts))


def _best(values: FloatArray, axis: int) -> FloatArray:
    """Return the highest along an axis that is short: whole slices at a time, which is far faster than numpy's own."""
    return np.asarray(reduce(np.maximum, np.moveaxis(values, axis, 0)))


def _most_alike(block: FloatArray, heads: IntArray, limit: int) -> tuple[IntArray, IntArray]:
    """Return, as cells, each row's most alike until they stand for `limit` people; equals at the cut all or none.

    All, unless they are a crowd: any choice among them would depend on the order of the people.
    """
    count = min(limit, block.shape[1])
    best = np.argpartition(block, block.shape[1] - count, axis=1)[:, -count:]
    values = np.take_along_axis(block, best, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    values, best = np.take_along_axis(values, order, axis=1), np.take_along_axis(best, order, axis=1)
    people = np.cumsum(heads[best], axis=1)
    last = np.minimum((people < limit).sum(axis=1), count - 1)
    cut = np.maximum(np.take_along_axis(values, last[:, None], axis=1), np.finfo(np.float64).tiny)
    rows, columns = np.nonzero(block >= cut)
    crowded = np.bincount(rows, weights=heads[columns], minlength=block.shape[0]) > CROWD
    kept = ~crowded[rows] | (block[rows, columns] > cut[rows, 0])
    return rows[kept], columns[kept]


def _handed_out(between: csr_array, number: list[int]) -> csr_array:
    """Give each person what was found for their list: the people of one list times those of the other."""
    size = len(number)
    owners = np.flatnonzero(np.array(number, dtype=np.int64) >= 0)
    lists = np.array(number, dtype=np.int64)[owners]
    has = csr_array((np.ones(owners.size), (owners, lists)), shape=(size, between.shape[0]))
    # Each row of `has` holds a single 1, so that no sum is taken and no bit is lost.
    everybody = coo_array(has @ between @ has.T)
    rows, columns = everybody.coords
    apart = rows != columns
    found = csr_array((everybody.data[apart], (rows[apart], columns[apart])), shape=(size, size))
    found.sort_indices()
    return found
