"""Write an assessment as QTI 1.2 in the profile of Common Cartridge."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from alexandria_desktop.teach.formats.held import Holds, name_of, tell_unheld, tell_unheld_kind
from alexandria_desktop.teach.formats.intake import picture
from alexandria_desktop.teach.formats.naming import to_identifier
from alexandria_desktop.teach.formats.report import Loss, Report
from alexandria_desktop.teach.formats.xml import Element, add, written
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.media import Media
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.sameness import is_pattern
from sync.assessing.rich_text import as_blocks

NAME = "Common Cartridge"
_SPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_SOME = Holds(right=True, wrong=True)
_EACH = Holds(right=True, wrong=True, each=True)
_PROFILES = {
    q.MultipleChoice: ("cc.multiple_choice.v0p1", _EACH), q.MultipleAnswer: ("cc.multiple_response.v0p1", _EACH),
    q.TrueFalse: ("cc.true_false.v0p1", _EACH), q.ShortText: ("cc.fib.v0p1", _SOME),
    q.Essay: ("cc.essay.v0p1", Holds()),
}  # fmt: skip


def as_qti12(
    one: AssessmentDocument, address: Callable[[Media], str], report: Report, *, start: int = 1
) -> bytes:  # fmt: skip
    """Return an assessment as a file; what the profile cannot hold goes into the report.

    ``start`` is the number of its first question in the report.
    """
    root = etree.Element(f"{{{_SPACE}}}questestinterop", nsmap={None: _SPACE})
    holder = add(root, "assessment", ident=to_identifier(one.id), title=one.title)
    fields = add(holder, "qtimetadata")
    _field(fields, "cc_profile", "cc.exam.v0p1")
    _field(fields, "qmd_assessmenttype", "Examination")
    if one.time_limit is not None:
        _field(fields, "qmd_timelimit", str(-(-one.time_limit // 60)))
        if one.time_limit % 60:
            report.add(one.title, "The time limit was rounded up to a minute.", Loss.SETTING)
    if one.max_attempts is not None:
        _field(fields, "cc_maxattempts", str(one.max_attempts))
    plain = AssessmentDocument(id="")
    if (one.mode, one.passing_score, one.is_shuffled) != (plain.mode, plain.passing_score, plain.is_shuffled):
        what = f"{NAME} does not hold its mode, passing score and shuffling."
        report.add(one.title, what, Loss.SETTING)
    if one.pools:
        report.add(one.title, f"{NAME} does not hold its pools, so all their questions are in it.", Loss.SETTING)
    if one.instructions:
        report.add(one.title, f"{NAME} does not hold its instructions.", Loss.MARKUP)
    section = add(holder, "section", ident="root_section")
    for number, question in enumerate(one.questions, start):
        where = f"{one.title}, {name_of(question, number)}" if one.title else name_of(question, number)
        _Item(question, one.keys.get(question.id), where, report, address).write(section)
    return written(root)


class _Item:
    def __init__(
        self, question: q.Question, key: k.Key | None, where: str, report: Report, address: Callable[[Media], str]
    ) -> None:  # fmt: skip
        self._question = question
        self._key = key
        self._where = where
        self._report = report
        self._address = address
        self._said: dict[str, str] = {}

    def write(self, section: Element) -> None:
        question, key = self._question, self._key
        profile = _PROFILES.get(type(question))
        if profile is None:
            tell_unheld_kind(self._report, self._where, question, NAME)
            return
        tell_unheld(self._report, self._where, question, key, profile[1], NAME)
        item = add(section, "item", ident=to_identifier(question.id), title=question.title)
        fields = add(add(item, "itemmetadata"), "qtimetadata")
        _field(fields, "cc_profile", profile[0])
        _field(fields, "cc_weighting", f"{question.points:g}")
        presentation = add(item, "presentation")
        pictures = "".join(picture(one, self._address(one)) for one in question.media)
        _material(presentation, as_blocks(question.prompt) + pictures)
        rules = etree.SubElement(item, f"{{{_SPACE}}}resprocessing")
        outcomes = add(rules, "outcomes")
        add(outcomes, "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
        said = key.feedback if key else k.Feedback()
        if said.general:
            self._any(rules, "general_fb", said.general)
        self._respond(presentation, rules, said)
        if said.wrong and profile[1].wrong:
            self._any(rules, "general_incorrect_fb", said.wrong)
        for ident, html in self._said.items():
            _material(add(add(item, "itemfeedback", ident=ident), "flow_mat"), as_blocks(html))

    def _respond(self, presentation: Element, rules: Element, said: k.Feedback) -> None:
        question, key = self._question, self._key
        match question:
            case q.MultipleChoice():
                shares = key.shares if isinstance(key, k.MultipleChoiceKey) else {}
                if any(share not in (0.0, 1.0) for share in shares.values()):
                    what = f"{NAME} holds choices that are right or wrong, nothing between."
                    self._report.add(self._where, what, Loss.SCORING)
                right = [one for one, share in shares.items() if share >= 1.0]
                self._choices(presentation, rules, question.choices, said, is_shuffled=question.is_shuffled)
                self._right(rules, [[to_identifier(one)] for one in right], said)
            case q.MultipleAnswer():
                self._answers(presentation, rules, question, said)
            case q.TrueFalse():
                both = (q.Choice(id="true", text="True"), q.Choice(id="false", text="False"))
                self._choices(presentation, rules, both, said, is_shuffled=False)
                is_true = isinstance(key, k.TrueFalseKey) and key.is_true
                self._right(rules, [[to_identifier("true" if is_true else "false")]] if key else [], said)
            case q.ShortText():
                self._short(presentation, rules, said)
            case _:
                response = add(presentation, "response_str", ident="response1", rcardinality="Single")
                add(response, "render_fib")
                if isinstance(key, k.EssayKey) and (key.rubric or key.model_answer or key.notes):
                    what = f"{NAME} does not hold rubrics and model answers."
                    self._report.add(self._where, what, Loss.SCORING)
                if isinstance(question, q.Essay) and (question.min_words or question.max_words):
                    self._report.add(self._where, f"{NAME} holds no limits of words.", Loss.SETTING)

    def _answers(self, presentation: Element, rules: Element, question: q.MultipleAnswer, said: k.Feedback) -> None:
        key = self._key
        right = key.right if isinstance(key, k.MultipleAnswerKey) else ()
        if isinstance(key, k.MultipleAnswerKey) and key.credit is k.Credit.EACH:
            what = f"{NAME} holds only “all or nothing” for several right choices."
            self._report.add(self._where, what, Loss.SCORING)
        self._choices(presentation, rules, question.choices, said, is_shuffled=question.is_shuffled, is_many=True)
        condition = add(rules, "respcondition", continue_="No")
        whole = add(add(condition, "conditionvar"), "and")
        for choice in question.choices:
            holder = whole if choice.id in right else add(whole, "not")
            add(holder, "varequal", to_identifier(choice.id), respident="response1")
        self._score(condition, said)

    def _choices(
        self, presentation: Element, rules: Element, choices: tuple[q.Choice, ...], said: k.Feedback, *,
        is_shuffled: bool, is_many: bool = False,
    ) -> None:  # fmt: skip
        response = add(
            presentation, "response_lid", ident="response1", rcardinality="Multiple" if is_many else "Single"
        )
        render = add(response, "render_choice", shuffle="Yes" if is_shuffled else "No")
        for choice in choices:
            ident = to_identifier(choice.id)
            label = add(render, "response_label", ident=ident)
            pictures = "".join(picture(one, self._address(one)) for one in choice.media)
            _material(label, as_blocks(choice.text) + pictures)
            if choice.id in said.each:
                self._said[f"{ident}_fb"] = said.each[choice.id]
                condition = add(rules, "respcondition", continue_="Yes")
                add(add(condition, "conditionvar"), "varequal", ident, respident="response1")
                add(condition, "displayfeedback", feedbacktype="Response", linkrefid=f"{ident}_fb")

    def _short(self, presentation: Element, rules: Element, said: k.Feedback) -> None:
        response = add(presentation, "response_str", ident="response1", rcardinality="Single")
        add(response, "render_fib", fibtype="String")
        key = self._key if isinstance(self._key, k.ShortTextKey) else k.ShortTextKey()
        if key.is_accent_strict:
            self._report.add(self._where, f"{NAME} does not hold that accents matter.", Loss.SCORING)
        for at, one in enumerate(key.variants, 1):
            if is_pattern(one.text) or one.share != 1.0 or one.feedback:
                what = f"{NAME} holds accepted texts without stars, shares and feedback."
                self._report.add(self._where, what, Loss.SCORING)
            if one.share <= 0 or is_pattern(one.text):
                continue
            condition = add(rules, "respcondition", continue_="No", title=f"{at}")
            test = add(add(condition, "conditionvar"), "varequal", re.sub(r"\\(.)", r"\1", one.text))
            test.set("respident", "response1")
            test.set("case", "Yes" if key.is_case_strict else "No")
            self._score(condition, said)

    def _right(self, rules: Element, groups: list[list[str]], said: k.Feedback) -> None:
        for group in groups:
            condition = add(rules, "respcondition", continue_="No")
            tested = add(condition, "conditionvar")
            for ident in group:
                add(tested, "varequal", ident, respident="response1")
            self._score(condition, said)

    def _score(self, condition: Element, said: k.Feedback) -> None:
        add(condition, "setvar", "100", action="Set", varname="SCORE")
        if said.right:
            self._said["correct_fb"] = said.right
            add(condition, "displayfeedback", feedbacktype="Response", linkrefid="correct_fb")

    def _any(self, rules: Element, ident: str, html: str) -> None:
        self._said[ident] = html
        condition = add(rules, "respcondition", continue_="Yes")
        add(add(condition, "conditionvar"), "other")
        add(condition, "displayfeedback", feedbacktype="Response", linkrefid=ident)


def _field(parent: Element, label: str, entry: str) -> None:
    one = add(parent, "qtimetadatafield")
    add(one, "fieldlabel", label)
    add(one, "fieldentry", entry)


def _material(parent: Element, html: str) -> None:
    add(add(parent, "material"), "mattext", html, texttype="text/html")
