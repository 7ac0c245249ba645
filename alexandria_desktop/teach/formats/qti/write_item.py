"""One question as an item of QTI, in the names of 2.1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from lxml import etree

from alexandria_desktop.teach.formats.held import Holds, equal_shares, number_text, tell_unheld, tell_unheld_kind
from alexandria_desktop.teach.formats.intake import picture
from alexandria_desktop.teach.formats.naming import to_identifier
from alexandria_desktop.teach.formats.qti import processing as p
from alexandria_desktop.teach.formats.qti.names import QTI_30, SPACE_21, Edition
from alexandria_desktop.teach.formats.report import Loss, Report
from alexandria_desktop.teach.formats.xml import Element, add, add_markup
from sync.assessing.media import Media
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.sameness import is_pattern
from sync.assessing.rich_text import as_blocks

_ALL = Holds(right=True, partly=True, wrong=True)
_EACH = Holds(right=True, partly=True, wrong=True, each=True)


def media_name(media: Media) -> str:
    """Return where a file lies in a package."""
    return f"media/{media.sha256[:12]}/{media.name or 'file'}"


class ItemWriter:
    """Writes one item."""

    def __init__(
        self, question: q.Question, key: k.Key | None, where: str, report: Report, edition: Edition
    ) -> None:  # fmt: skip
        self._question = question
        self._key = key
        self._where = where
        self._report = report
        self._edition = edition
        self._said: dict[str, str] = {}
        self.root = etree.Element(f"{{{SPACE_21}}}assessmentItem", nsmap={None: SPACE_21})

    def write(self) -> Element | None:
        """Return the item; None, said in the report, where QTI has no such kind."""
        question = self._question
        if isinstance(question, q.FindPassage | q.OtherQuestion):
            tell_unheld_kind(self._report, self._where, question, self._edition.name)
            return None
        can_say = isinstance(question, q.MultipleChoice | q.MultipleAnswer | q.TrueFalse)
        tell_unheld(self._report, self._where, question, self._key, _EACH if can_say else _ALL, self._edition.name)
        self.root.set("identifier", to_identifier(question.id))
        self.root.set("title", question.title)
        self.root.set("adaptive", "false")
        self.root.set("timeDependent", "false")
        # Declarations come first, then outcomes, the body, the processing and the feedback: the order that QTI wants.
        responses = etree.Element(f"{{{SPACE_21}}}x")
        body, rules = etree.Element(f"{{{SPACE_21}}}itemBody"), etree.Element(f"{{{SPACE_21}}}responseProcessing")
        self._fill(responses, body, rules)
        if self._key is not None:
            p.say_overall(rules, question.points, self._key.feedback)
            for name in ("general", "right", "partly", "wrong"):
                self._said[name] = getattr(self._key.feedback, name)
        self.root.extend(list(responses))
        self._outcomes()
        self.root.append(body)
        if len(rules):
            self.root.append(rules)
        for identifier, html in self._said.items():
            if html:
                said = add(
                    self.root, "modalFeedback", outcomeIdentifier="FEEDBACK", identifier=identifier, showHide="show"
                )  # fmt: skip
                add_markup(said, as_blocks(html))
        return self.root

    def _outcomes(self) -> None:
        points = p.value_text(self._question.points)
        score = add(self.root, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
        score.set("normalMaximum", points)
        add(add(score, "defaultValue"), "value", "0")
        most = add(self.root, "outcomeDeclaration", identifier="MAXSCORE", cardinality="single", baseType="float")
        add(add(most, "defaultValue"), "value", points)
        for gap in self._question.gaps if isinstance(self._question, q.Cloze) else ():
            weight = add(self.root, "outcomeDeclaration", identifier=f"WEIGHT_{gap.id}", cardinality="single")
            weight.set("baseType", "float")
            add(add(weight, "defaultValue"), "value", p.value_text(gap.weight))
        add(self.root, "outcomeDeclaration", identifier="FEEDBACK", cardinality="multiple", baseType="identifier")

    def _fill(self, responses: Element, body: Element, rules: Element) -> None:
        question, key = self._question, self._key
        match question:
            case q.MultipleChoice():
                self._choice(question, key, responses, body, rules)
            case q.MultipleAnswer():
                self._answers(question, key, responses, body, rules)
            case q.TrueFalse():
                self._true_false(key, responses, body, rules)
            case q.ShortText():
                self._prompt(body)
                add(add(body, "p"), "textEntryInteraction", responseIdentifier="RESPONSE")
                variants = key.variants if isinstance(key, k.ShortTextKey) else ()
                strict = (
                    (key.is_case_strict, key.is_accent_strict) if isinstance(key, k.ShortTextKey) else (False, True)
                )
                self._texts(responses, rules, "RESPONSE", variants, strict, question.points)
            case q.Numeric():
                self._prompt(body)
                line = add(body, "p")
                add(line, "textEntryInteraction", responseIdentifier="RESPONSE")
                if question.unit:
                    line[-1].tail = " "
                    add(line, "span", question.unit, class_="unit")
                numbers = key.variants if isinstance(key, k.NumericKey) else ()
                self._numbers(responses, rules, "RESPONSE", numbers, question.points)
            case q.Matching():
                self._matching(question, key, responses, body, rules)
            case q.Ordering():
                self._ordering(question, key, responses, body, rules)
            case q.Cloze():
                self._cloze(question, key, responses, body, rules)
            case q.Essay():
                self._essay(question, key, responses, body)

    def _choice(
        self, question: q.MultipleChoice, key: k.Key | None, responses: Element, body: Element, rules: Element
    ) -> None:  # fmt: skip
        shares = dict(key.shares) if isinstance(key, k.MultipleChoiceKey) else {}
        right = [one for one, share in shares.items() if share >= 1.0][:1]
        self._declare(responses, "RESPONSE", "single", "identifier", [to_identifier(one) for one in right])
        self._map(responses, {to_identifier(one): share * question.points for one, share in shares.items()})
        p.map_all(rules, "RESPONSE", 1.0)
        self._interaction(body, question.choices, is_shuffled=question.is_shuffled, most="1")
        self._say_each(rules, "RESPONSE", key.feedback.each if key else {})

    def _answers(
        self, question: q.MultipleAnswer, key: k.Key | None, responses: Element, body: Element, rules: Element
    ) -> None:  # fmt: skip
        right = [to_identifier(one) for one in key.right] if isinstance(key, k.MultipleAnswerKey) else []
        self._declare(responses, "RESPONSE", "multiple", "identifier", right)
        if isinstance(key, k.MultipleAnswerKey) and key.credit is k.Credit.EACH:
            shares = equal_shares(key, [choice.id for choice in question.choices])
            self._map(responses, {to_identifier(one): share * question.points for one, share in shares.items()})
            p.map_all(rules, "RESPONSE", 1.0)
        else:
            p.match_all(rules, "RESPONSE", question.points)
        self._interaction(body, question.choices, is_shuffled=question.is_shuffled, most="0")
        self._say_each(rules, "RESPONSE", key.feedback.each if key else {})

    def _true_false(self, key: k.Key | None, responses: Element, body: Element, rules: Element) -> None:
        right = ["true" if key.is_true else "false"] if isinstance(key, k.TrueFalseKey) else []
        self._declare(responses, "RESPONSE", "single", "identifier", right)
        p.match_all(rules, "RESPONSE", self._question.points)
        self._prompt(body)
        interaction = add(body, "choiceInteraction", responseIdentifier="RESPONSE", shuffle="false", maxChoices="1")
        for name in ("true", "false"):
            add(interaction, "simpleChoice", name.capitalize(), identifier=name)
        each = key.feedback.each if key else {}
        if each:
            p.say_by_choice(rules, "RESPONSE")
        self._said.update({name: html for name, html in each.items() if name in ("true", "false")})

    def _interaction(self, body: Element, choices: Iterable[q.Choice], *, is_shuffled: bool, most: str) -> None:
        self._prompt(body)
        interaction = add(body, "choiceInteraction", responseIdentifier="RESPONSE", maxChoices=most)
        interaction.set("shuffle", "true" if is_shuffled else "false")
        for choice in choices:
            self._put(interaction, "simpleChoice", choice)

    def _put(self, parent: Element, name: str, choice: q.Choice, **attributes: str) -> None:
        one = add(parent, name, identifier=to_identifier(choice.id), **attributes)
        add_markup(one, as_blocks(choice.text) + self._pictures(choice.media))

    def _say_each(self, rules: Element, response: str, each: Mapping[str, str]) -> None:
        if each:
            p.say_by_choice(rules, response)
        self._said.update({to_identifier(one): html for one, html in each.items()})

    def _texts(
        self, responses: Element, rules: Element, name: str, variants: tuple[k.Variant, ...],
        strict: tuple[bool, bool], points: float,
    ) -> None:  # fmt: skip
        kept = tuple(one for one in variants if not is_pattern(one.text))
        if len(kept) < len(variants):
            what = f"{self._edition.name} holds no answers in which a star stands for any letters."
            self._report.add(self._where, what, Loss.SCORING)
        if variants and not strict[1]:
            self._report.add(self._where, f"In {self._edition.name} accents always matter.", Loss.SCORING)
        self._declare(responses, name, "single", "string", [p.plain_variant(one.text) for one in kept[:1]])
        self._map(
            responses, {p.plain_variant(one.text): one.share * points for one in kept}, is_case_strict=strict[0]
        )  # fmt: skip
        p.map_all(rules, name, 1.0)
        said = {at: f"{name}-answer{at + 1}" for at, one in enumerate(kept) if one.feedback}
        p.say_to_texts(rules, name, kept, said)
        self._said.update({said[at]: kept[at].feedback for at in said})

    def _numbers(
        self, responses: Element, rules: Element, name: str, variants: tuple[k.NumberVariant, ...], points: float
    ) -> None:
        self._declare(responses, name, "single", "float", [number_text(one.value) for one in variants[:1]])
        said = {at: f"{name}-answer{at + 1}" for at, one in enumerate(variants) if one.feedback}
        p.match_numbers(rules, name, variants, points, said)
        self._said.update({said[at]: variants[at].feedback for at in said})

    def _matching(
        self, question: q.Matching, key: k.Key | None, responses: Element, body: Element, rules: Element
    ) -> None:  # fmt: skip
        pairs = dict(key.pairs) if isinstance(key, k.MatchingKey) else {}
        texts = [f"{to_identifier(left)} {to_identifier(right)}" for left, right in pairs.items()]
        self._declare(responses, "RESPONSE", "multiple", "directedPair", texts)
        if isinstance(key, k.MatchingKey) and key.credit is k.Credit.EACH and texts:
            self._map(responses, dict.fromkeys(texts, question.points / len(texts)))
            p.map_all(rules, "RESPONSE", 1.0)
        else:
            p.match_all(rules, "RESPONSE", question.points)
        self._prompt(body)
        interaction = add(body, "matchInteraction", responseIdentifier="RESPONSE", shuffle="true")
        interaction.set("maxAssociations", str(len(question.premises)))
        for choices, most in ((question.premises, "1"), (question.responses, "0")):
            some = add(interaction, "simpleMatchSet")
            for choice in choices:
                self._put(some, "simpleAssociableChoice", choice, matchMax=most)

    def _ordering(
        self, question: q.Ordering, key: k.Key | None, responses: Element, body: Element, rules: Element
    ) -> None:  # fmt: skip
        order = key.order if isinstance(key, k.OrderingKey) else ()
        if isinstance(key, k.OrderingKey) and key.credit is k.Credit.EACH:
            what = f"{self._edition.name} holds no points for neighbours, so only the whole order counts."
            self._report.add(self._where, what, Loss.SCORING)
        self._declare(responses, "RESPONSE", "ordered", "identifier", [to_identifier(one) for one in order])
        p.match_all(rules, "RESPONSE", question.points)
        self._prompt(body)
        interaction = add(body, "orderInteraction", responseIdentifier="RESPONSE", shuffle="true")
        for item in question.items:
            self._put(interaction, "simpleChoice", item)

    def _cloze(
        self, question: q.Cloze, key: k.Key | None, responses: Element, body: Element, rules: Element
    ) -> None:  # fmt: skip
        keys = key.gaps if isinstance(key, k.ClozeKey) else {}
        whole = sum(gap.weight for gap in question.gaps) or 1.0
        prompt = as_blocks(question.prompt)
        for gap in question.gaps:
            found, points = keys.get(gap.id, k.GapKey()), question.points * gap.weight / whole
            prompt = prompt.replace(f"[[{gap.id}]]", _gap_markup(gap), 1)
            if gap.kind == "choice":
                right = [to_identifier(one) for one, share in found.shares.items() if share >= 1.0][:1]
                self._declare(responses, gap.id, "single", "identifier", right)
                self._map(responses, {to_identifier(one): share * points for one, share in found.shares.items()})
                p.map_all(rules, gap.id, 1.0)
                self._say_each(rules, gap.id, found.each)
            elif gap.kind == "number":
                self._numbers(responses, rules, gap.id, found.numbers, points)
            else:
                strict = found.is_case_strict, found.is_accent_strict
                self._texts(responses, rules, gap.id, found.variants, strict, points)
        add_markup(add(body, "div", class_="prompt"), prompt + self._pictures(question.media))

    def _essay(self, question: q.Essay, key: k.Key | None, responses: Element, body: Element) -> None:
        add(responses, "responseDeclaration", identifier="RESPONSE", cardinality="single", baseType="string")
        if question.min_words is not None or question.max_words is not None:
            self._report.add(self._where, f"{self._edition.name} holds no limits of words.", Loss.SETTING)
        self._prompt(body)
        add(body, "extendedTextInteraction", responseIdentifier="RESPONSE")
        if not isinstance(key, k.EssayKey):
            return
        for name, html in (("notes", key.notes), ("model-answer", key.model_answer)):
            if html:
                add_markup(add(body, "rubricBlock", view="scorer", class_=name), as_blocks(html))
        for one in key.rubric:
            block = add(body, "rubricBlock", view="scorer", class_="criterion")
            holder = add(block, "div", id=to_identifier(one.id))
            add(holder, "p", one.title, class_="title")
            add(holder, "p", p.value_text(one.points), class_="points")
            add_markup(add(holder, "div", class_="text"), as_blocks(one.text))

    def _declare(self, responses: Element, name: str, cardinality: str, kind: str, right: list[str]) -> None:
        made = add(responses, "responseDeclaration", identifier=name, cardinality=cardinality, baseType=kind)
        if right:
            holder = add(made, "correctResponse")
            for value in right:
                add(holder, "value", value)

    def _map(self, responses: Element, entries: dict[str, float], *, is_case_strict: bool | None = None) -> None:
        if not entries:
            return
        mapping = add(responses[-1], "mapping", defaultValue="0", lowerBound="0")
        for key, value in entries.items():
            entry = add(mapping, "mapEntry", mapKey=key, mappedValue=p.value_text(value))
            if is_case_strict is not None:
                entry.set("caseSensitive", "true" if is_case_strict else "false")

    def _prompt(self, body: Element) -> None:
        html = as_blocks(self._question.prompt) + self._pictures(self._question.media)
        add_markup(add(body, "div", class_="prompt"), html)

    def _pictures(self, media: Iterable[Media]) -> str:
        return "".join(_shown(one, self._edition) for one in media)


def _shown(media: Media, edition: Edition) -> str:
    src = f"../{media_name(media)}"
    if edition is QTI_30 or media.media_type.startswith("image/"):
        return picture(media, src)
    return f'<p><object data="{escape(src)}" type="{escape(media.media_type)}">{escape(media.alt)}</object></p>'


def _gap_markup(gap: q.Gap) -> str:
    if gap.kind != "choice":
        return f'<textEntryInteraction responseIdentifier="{escape(gap.id)}"/>'
    choices = "".join(
        f'<inlineChoice identifier="{escape(to_identifier(one.id))}">{one.text}</inlineChoice>' for one in gap.choices
    )
    start = f'<inlineChoiceInteraction responseIdentifier="{escape(gap.id)}" shuffle="true">'
    return f"{start}{choices}</inlineChoiceInteraction>"
