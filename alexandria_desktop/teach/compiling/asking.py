"""The items of a lesson: the best sentences that are read in it, in turn with a word left out and to be found."""

from __future__ import annotations

from collections.abc import Sequence

from alexandria_desktop.teach.blocks import BookPlace
from alexandria_desktop.teach.compiling.clozes import Blank, blanks
from alexandria_desktop.teach.compiling.excerpts import Excerpt
from alexandria_desktop.teach.compiling.identity import digest, place_of
from alexandria_desktop.teach.compiling.objectives import Objective
from alexandria_desktop.teach.compiling.passage_questions import Search, searches
from alexandria_desktop.teach.compiling.proposal import ProposedItem
from alexandria_desktop.teach.compiling.sentences import Sentence, good_sentences
from alexandria_desktop.teach.compiling.sources import Embed, Shelf
from alexandria_desktop.teach.compiling.usage import Usage
from alexandria_desktop.teach.compiling.words import Frequencies, stems_of
from sync.assessing.questions.keys import ClozeKey, Feedback, FindPassageKey, GapKey, Variant
from sync.assessing.questions.model import Choice, Cloze, FindPassage, Gap
from sync.assessing.questions.shuffling import scattered
from sync.assessing.rich_text import from_plain

_TO_FIND_EVERY = 3
"""One item in so many is to be found in the book."""


class Asker:
    """Makes the items of lessons; no sentence is asked about twice."""

    def __init__(self, shelf: Shelf, wanted: int, embed: Embed | None) -> None:
        self._shelf = shelf
        self._embed = embed
        self._wanted = wanted
        self._usages = [Usage(source) for source in shelf.sources]
        self._asked: set[tuple[int, int, int]] = set()

    def items(self, excerpts: Sequence[Excerpt], objective: Objective) -> tuple[ProposedItem, ...]:
        """Return the items of a lesson, in the order of its passages."""
        texts = [self._text(one) for one in excerpts]
        lesson = Frequencies([stems_of(text) for text in texts])
        sentences = good_sentences(self._shelf, excerpts, lesson, objective, self._embed)
        free = [one for one in sentences if self._place(one) not in self._asked]
        found: list[tuple[Sentence, ProposedItem]] = []
        to_find = searches(self._shelf, self._usages, free, lesson)
        to_fill = blanks(self._shelf, self._usages, free, lesson, self._embed)
        used: set[tuple[int, int, int]] = set()
        words: set[str] = set()
        for number in range(self._wanted):
            finds_first = number % _TO_FIND_EVERY == 1
            item = (self._next_search(to_find, used) if finds_first else None) or self._next_blank(to_fill, used, words)
            item = item or self._next_search(to_find, used)
            if item is None:
                break
            found.append(item)
        self._asked |= used
        order = {id(one): at for at, one in enumerate(excerpts)}
        found.sort(key=lambda pair: (order[id(pair[0].excerpt)], pair[0].start))
        return tuple(item for _, item in found)

    def _next_blank(
        self, blanks: Sequence[Blank], used: set[tuple[int, int, int]], words: set[str]
    ) -> tuple[Sentence, ProposedItem] | None:
        for blank in blanks:
            if self._place(blank.sentence) not in used and blank.word.stem not in words:
                used.add(self._place(blank.sentence))
                words.add(blank.word.stem)
                return blank.sentence, self._cloze(blank)
        return None

    def _next_search(
        self, searches: Sequence[Search], used: set[tuple[int, int, int]]
    ) -> tuple[Sentence, ProposedItem] | None:
        for search in searches:
            if self._place(search.sentence) not in used:
                used.add(self._place(search.sentence))
                return search.sentence, self._find(search)
        return None

    def _cloze(self, blank: Blank) -> ProposedItem:
        sentence, word = blank.sentence, blank.word
        place = self._book_place(sentence)
        item_id = digest("cloze", place.book_id, sentence.excerpt.section, sentence.start, word.start)
        gap_id = digest(item_id, "gap")[:12]
        gapped = f"{sentence.text[: word.start]}[[{gap_id}]]{sentence.text[word.end :]}"
        texts = (word.text, *blank.others) if blank.others else ()
        choices = [Choice(id=digest(item_id, text)[:12], text=from_plain(text)) for text in texts]
        gap = Gap(id=gap_id, kind="choice" if choices else "text", choices=scattered(choices))
        key = (
            GapKey(shares={choices[0].id: 1.0})
            if choices
            else GapKey(variants=(Variant(text=word.text.replace("*", "\\*")),))
        )
        question = Cloze(id=item_id[:12], prompt=from_plain(gapped), gaps=(gap,))
        feedback = Feedback(general=_from_book(place))
        return ProposedItem(
            id=item_id,
            question=question,
            key=ClozeKey(gaps={gap_id: key}, feedback=feedback),
            sentence=sentence.text,
            place=place,
            chapter=sentence.excerpt.chapter,
        )

    def _find(self, search: Search) -> ProposedItem:
        sentence = search.sentence
        place = self._book_place(sentence)
        item_id = digest("find", place.book_id, sentence.excerpt.section, sentence.start)
        source, section = self._shelf.sources[sentence.excerpt.book], sentence.excerpt.section
        question = FindPassage(
            id=item_id[:12],
            prompt=from_plain(search.prompt),
            book_id=place.book_id,
            book_title=place.book_title,
            book_author=place.book_author,
            edition=place.locator.edition,
        )
        key = FindPassageKey(passages=tuple(source.locate(section, start, end) for start, end in search.answers))
        return ProposedItem(
            id=item_id,
            question=question,
            key=key,
            sentence=sentence.text,
            place=place,
            chapter=sentence.excerpt.chapter,
        )

    def _book_place(self, sentence: Sentence) -> BookPlace:
        source = self._shelf.sources[sentence.excerpt.book]
        return place_of(source, sentence.excerpt.section, sentence.start, sentence.end)

    def _place(self, sentence: Sentence) -> tuple[int, int, int]:
        return sentence.excerpt.book, sentence.excerpt.section, sentence.start

    def _text(self, excerpt: Excerpt) -> str:
        return self._shelf.sources[excerpt.book].sections[excerpt.section].text[excerpt.start : excerpt.end]


def _from_book(place: BookPlace) -> str:
    return from_plain(f"The sentence stands in “{place.book_title}”.")
