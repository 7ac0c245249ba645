"""Words too common to find anything by, in a few languages; a query drops them unless nothing else is left."""

from __future__ import annotations

STOP_WORD_LISTS = {
    "en": """
        a an and are as at be been but by can could did do does for from had has have he her hers him his how i if
        in into is it its me my no nor not of on or our out shall she should so some such than that the their them
        then there these they this those to too up us was we were what when where which while who whom why will with
        would you your
    """,
    "de": """
        aber als am an auch auf aus bei bin bis das daß dass dem den der des die doch du durch ein eine einem einen
        einer er es für hat ich ihm ihn ihr im in ist ja kann man mein mir mit nach nicht noch nun nur ob oder sein
        sich sie sind so über um und uns vom von vor war was wenn wer wie wir wird zu zum zur
    """,
    "fr": """
        au aux avec ce ces cet cette dans de des du elle en est et il ils je la le les leur lui ma mais me mon ne
        nos nous on ou par pas pour qu que qui sa se ses si son sur ta te tu un une vous y
    """,
    "es": """
        al como con de del el ella en es esta este ha la las le lo los más me mi muy no nos o para pero por que qué
        se si sin sobre su sus te tu un una y ya yo
    """,
    "it": """
        a ai al alla che chi ci come con da dal dei del della di e è gli ha i il in io la le lo ma mi nel non o per
        più se si su un una
    """,
    "pt": """
        a ao as com da das de do dos e é em eu mais mas me na nas no nos o os para por que se sem seu sua um uma
    """,
}

STOP_WORDS = frozenset(word for words in STOP_WORD_LISTS.values() for word in words.split())
ENGLISH_STOP_WORDS = frozenset(STOP_WORD_LISTS["en"].split())
