"""What is known of a language without a dictionary: its small words, what points backwards, what objectives begin with.

Lists are short on purpose. A language that is not listed gets empty ones: then fewer sentences are refused, and only
what the books themselves show counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from alexandria_desktop.text.fold import fold
from alexandria_desktop.text.stopwords import STOP_WORD_LISTS


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language; all words are folded (small letters, no accents)."""

    small: frozenset[str] = frozenset()
    """Articles, prepositions, pronouns, auxiliaries: words that carry no matter."""
    before_nouns: frozenset[str] = frozenset()
    """Articles and prepositions."""
    backwards: frozenset[str] = frozenset()
    """Words that a sentence begins with which leans on the one before."""
    leaning: tuple[str, ...] = ()
    """Turns of phrase anywhere in a sentence that lean on what stands elsewhere."""
    pointing: frozenset[str] = frozenset()
    """Words that near the beginning of a sentence point out of it."""
    owning: frozenset[str] = frozenset()
    """Words after which none is left out: it is known already ("our wolf"), or a verb ("to increase")."""
    asking: frozenset[str] = frozenset()
    """Words of objectives that say what the student does and not what it is about."""
    empty: frozenset[str] = frozenset()
    """Nouns that say nothing by themselves."""
    nouns_are_capital: bool = False


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def _phrases(listed: str) -> tuple[str, ...]:
    return tuple(" ".join(one.split()) for one in listed.split(";"))


_EN = Tongue(
    small=_words(
        """
            about above after again against all almost alone along already also although always am among
            amongst and another any are as at away be became because become been before behind being below
            between beyond both but by came can cannot certain come could did do does done down during each
            either else enough even ever every far few first for from further gave get give given go great
            greatly had has have having he hence her here him himself his how however i if in indeed
            instance into is it its itself just know known last least less let like little made make many
            may me might mine more most much must my myself namely nearly neither never nevertheless next no
            nor not nothing now of off often on once one only or other others otherwise ought our out over
            own part perhaps put quite rather said same saw say see seem seemed seems seen several shall she
            should since so some something sometimes soon still such take taken than that the thee their
            them themselves then there therefore these they thing things this those thou though three
            through thus thy till to together too towards two under until unto up upon us use used very was
            way we well went were what whatever when whence where whereas whether which while who whole whom
            whose why will with within without would yet you your second etc
        """
    ),
    before_nouns=_words(
        """
            a an the of by in from with without on into through between under against its their his her our
            my your each every this that these those no some any such
        """
    ),
    backwards=_words(
        """
            it he she they this that these those such thus hence but and or so nor yet then
            therefore however moreover furthermore consequently accordingly again also besides here
            there nevertheless now still similarly finally secondly thirdly lastly for otherwise him
            her his its their we i you my our which who whom whose both neither either another
            others some if likewise indeed on as nay yes no well o oh because although though after
            all in let suppose similar analogous corresponding equally more less altogether having fourthly fifthly
        """
    ),
    leaning=_phrases(
        """
            as we have seen; we shall see; we have seen; i have; i shall; i may; i will; i am; i must; i
            think; i do; i can; i was; i had; i believe; last chapter; next chapter; this chapter;
            chapter; chapters; page; the former; the latter; the foregoing; foregoing; preceding; the
            following; above mentioned; aforesaid; as follows; just mentioned; just given; in question;
            this case; these cases; this view; that view; this respect; these facts; this fact; this
            principle; such cases; these two; these forms; as before; this kind; this sense; that case;
            of these; to this; we have just; let us; to be considered; we shall; we will suppose; we
            now; we must now; has been said; been urged; we saw; we said; everyone admits; me; my; the
            above; the first is; the second is; the third is; the first of; the second of; the third of;
            having now; hitherto; now decided; two latter; to it is; for it is; our present; at present;
            the author takes
        """
    ),
    pointing=_words(
        "this these those such thus its he she his her him it they their them here another other others same"
    ),
    owning=_words(
        """
            to not will would can could may might shall should must do does did our my your his her their its this
            that these those another other same such
        """
    ),
    asking=_words(
        """
            able says said tells told saying called about
            analyse analyze appreciate apply argue ask assess become can compare consider contrast
            define describe discuss distinguish evaluate examine example examples explain explore find
            follow give grasp how identify illustrate interpret judge know knowing knows learn learner list
            mean means meaning name outline own pupil read reader reason reasons recall recognise recognize
            say show sketch state student students summarise summarize tell trace understand understanding
            use using what why words work works author thinks think believe believes important main key role
            different difference between ideas idea view views does did
        """
    ),
    empty=_words(
            """
            ability account action addition advantage affair age aid aim amount answer appeal approach
            argument aspect attempt basis beginning bearing book case cases chance
            change chapter character choice circumstance circumstances comparison complete
            conclusion consequence consideration contrary course day days deal degree degrees
            detail difference differences difficulty difficulties direction discussion doubt ease effect
            effects element elements end error errors event events everyone example examples
            explanation expression extent fact facts failure favour feature field
            figure following force form forms former function future good ground grounds group half hand
            help history hour importance instance instances
            interest issue item job kind kinds latter length level light limit
            line list living look loss main majority man manner matter matters mean meaning means
            measure member members men method minute moment month months name names need
            note notion number numbers occasion one ones opinion order origin others part
            parts past people period person persons piece place places plan point points portion
            position present problem purpose
            quantity question questions range rate reader reason reasons reference regard
            remark respect respects rest result results right rule rules sake same scale scope
            second section sense sentence series set shape share side sight sign single situation size
            sort sorts source stage standard state statement step story study subject subjects substance
            success sum support surface system table task term terms test thing things thought
            thoughts time times title top total treatise trouble turn type use uses variety
            view views want way ways while whole will word words work works world worth writer year
            years greater lesser left right better rather
            priori posteriori ourselves themselves itself himself author mr mrs spite virtue regards
            play distance so-and-so stead vain
        """
    ),
)  # fmt: skip

_DE = Tongue(
    before_nouns=_words(
        """
            der die das den dem des ein eine einen einem einer eines von im in am an auf aus bei mit nach zu
            zum zur durch für gegen ohne über unter vor zwischen kein keine keinen sein seine seinen seiner
            ihr ihre ihren ihrer mein meine dein deine euer eure jede jeder jedes dieser diese dieses
        """
    ),
    backwards=_words(
        """
            er sie es dies dieser diese dieses das dem den und aber oder denn doch also so daher darum
            deshalb dann da hier jener jene jenes solche solcher ihm ihn ihr auch nun ich wir du mein unser
            dort nein ja wahrlich was wer wie als
        """
    ),
    leaning=_phrases(
        """
            wie oben; im folgenden; der erstere; der letztere; wie gesagt; ich; mein; wie wir; diese; dieser; dieses
        """
    ),
    asking=_words(
        """
            erklären verstehen beschreiben vergleichen nennen kennen wissen wie warum was können
            unterscheiden erläutern begründen darstellen erkennen zeigen sagen eigenen worten beispiel
            beispiele deuten beurteilen schüler student bedeutet bedeutung idee
        """
    ),
    nouns_are_capital=True,
    empty=_words(
        """
            fall falle art weise grund grunde sache sachen ding dinge teil teile zeit zeiten mal male
            frage fragen punkt seite seiten stelle ende anfang tag tage jahr jahre mensch menschen mann
            leute wort worte beispiel weg hand hande kopf sinn
        """
    ),
)  # fmt: skip

_FR = Tongue(
    before_nouns=_words(
        """
            le la les l un une des du de d au aux par dans sur sous avec sans pour entre son sa ses leur
            leurs mon ma mes notre nos votre vos ce cet cette ces chaque
        """
    ),
    backwards=_words(
        """
            il elle ils elles ce cela ceci cet cette ces on et mais ou donc or ni car ainsi alors puis aussi
            là ici celui celle ceux je j nous vous tu enfin c y en lui qui que tous tout
        """
    ),
    leaning=_phrases(
        """
            ci dessus; ci dessous; le premier; le dernier; comme nous; je; j; dit il; cette; ce; ces
        """
    ),
    asking=_words(
        """
            expliquer comprendre décrire comparer nommer savoir connaître comment pourquoi quoi distinguer
            identifier donner exemple exemples analyser résumer élève étudiant propres mots idée dire
            définir
        """
    ),
    empty=_words(
        """
            cas chose choses facon maniere fait faits temps fois partie parties raison raisons jour
            jours an ans annees monde gens homme hommes mot mots cote point question exemple sorte suite
            fin main tete
        """
    ),
)  # fmt: skip

_ES = Tongue(
    before_nouns=_words(
        """
            el la los las lo un una unos unas de del al por en con sin para entre sobre su sus mi mis tu tus
            nuestro nuestra este esta ese esa cada
        """
    ),
    backwards=_words(
        """
            él ella ello ellos ellas esto eso este esta estos estas ese esa y e pero o u pues así entonces
            luego también aquí allí aquel aquella yo nosotros tú usted ya no sí que quien
        """
    ),
    leaning=_phrases(
        """
            lo anterior; el primero; el ultimo; yo; como hemos; este; esta; esto; ese; esa; eso
        """
    ),
    asking=_words(
        """
            explicar comprender entender describir comparar nombrar saber conocer cómo por qué distinguir
            identificar ejemplo ejemplos analizar resumir alumno estudiante propias palabras idea decir
            definir
        """
    ),
    empty=_words(
        """
            caso casos cosa cosas manera modo hecho hechos tiempo vez veces parte partes razon dia dias
            ano anos mundo gente hombre hombres palabra palabras lado punto cuestion ejemplo suerte fin
            mano cabeza
        """
    ),
)  # fmt: skip

_IT = Tongue(
    before_nouns=_words(
        """
            il lo la i gli le l un uno una di del della dei delle dello a al alla da dal dalla in nel nella
            con su per tra fra suo sua suoi loro
        """
    ),
    backwards=_words(
        """
            egli ella esso essa essi questo questa questi ciò e ma o dunque così poi anche qui lì io noi
        """
    ),
    asking=_words(
        """
            spiegare capire descrivere confrontare sapere come perché esempio definire
        """
    ),
)  # fmt: skip

_AR = Tongue(
    small=_words(
        """
            في من على إلى عن مع هذا هذه ذلك تلك التي الذي الذين هو هي هم كان كانت قد لا ما لم لن إن أن أو ثم
            بل كل بعض بين عند حتى إذا كما لكن غير وقد وفي ومن وهو وهي وكان ولا أما
        """
    ),
    before_nouns=_words(
        """
            في من على إلى عن مع بين كل بعض
        """
    ),
    backwards=_words(
        """
            هو هي هم هذا هذه ذلك تلك لكن ولكن وهو وهي ثم فهو فهي وهذا وهذه لذلك ولذلك كما أيضا أنا نحن
        """
    ),
    leaning=_phrases(
        """
            كما سبق; المذكور; ما يلي
        """
    ),
    asking=_words(
        """
            اشرح يشرح فهم يفهم كيف لماذا وصف يصف قارن يقارن تعريف يعرف مثال أمثلة معنى
        """
    ),
)  # fmt: skip

_TONGUES = {"en": _EN, "de": _DE, "fr": _FR, "es": _ES, "it": _IT, "ar": _AR}


@cache
def tongue(language: str | None) -> Tongue:
    """Return what is known of a language."""
    primary = (language or "").split("-")[0].lower()
    known = _TONGUES.get(primary, Tongue())

    def folded(words: frozenset[str]) -> frozenset[str]:
        return frozenset(fold(word) for word in words)

    small = known.small | frozenset(STOP_WORD_LISTS.get(primary, "").split()) | known.before_nouns
    return replace(
        known,
        small=folded(small),
        before_nouns=folded(known.before_nouns),
        backwards=folded(known.backwards),
        pointing=folded(known.pointing),
        owning=folded(known.owning),
        empty=folded(known.empty),
        leaning=tuple(fold(one) for one in known.leaning),
        asking=folded(known.asking),
    )
