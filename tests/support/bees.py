"""A small book about bees, made up for these tests: four chapters that speak of different things, with notes."""

from __future__ import annotations

from pathlib import Path

from tests.support.epubs import make_epub

QUEEN = (
    "The queen is the mother of every worker in the hive, and she seldom leaves it after her single flight of mating. "
    "A healthy queen lays about two thousand eggs on a warm day of summer, each in a cell of its own. "
    "Workers feed the queen with royal jelly from glands in their heads. The scent of the queen tells every worker "
    "that the colony has a mother. When a queen grows old, her scent becomes weak and the workers raise another. "
    "A young queen kills her rivals before they leave their cells. The workers choose larvae of three days for the "
    "throne, and royal jelly alone makes a queen of them. Without a queen the hive dies out within two months.",
    "The old queen leaves the hive with a swarm when the combs are crowded. Scouts look for a hollow tree, and the "
    "swarm follows the scouts that dance longest. A swarm without its queen returns to the hive within an hour. "
    "Beekeepers mark the queen with a spot of paint, because one bee among forty thousand is hard to find. "
    "The rule of the queen is no rule of force: her scent binds the colony, and the workers decide when she must go. "
    "Mating takes place high in the air, and a drone dies after mating with the queen. The queen keeps the seed of "
    "a dozen drones for all the years of her life. Drones do no work in the hive, and the workers drive the drones "
    "out before winter.",
)
HONEY = (
    "Nectar is four fifths water, and fresh nectar spoils within days. Foragers hand nectar to younger bees at the "
    "door of the hive. The young bees spread nectar in thin films over the comb, and the air of the hive dries it. "
    "Fans of wings keep the air moving all night, so that water leaves the nectar. Honey is ripe when less than a "
    "fifth of it is water. Ripe honey keeps for years, since no yeast can grow in so thick a syrup. "
    "The bees seal ripe honey under a lid of wax. A strong colony stores some sixty pounds of honey for the winter.",
    "Wax is sweated by glands under the belly, and a pound of wax costs the bees eight pounds of honey. "
    "The comb is built of cells with six walls, because six walls enclose the most honey with the least wax. "
    "Each cell slopes upwards a little, so that the nectar does not run out before it is ripened. "
    "Honey that is taken too early ferments in the jar, for its water feeds the yeast. Beekeepers leave unripe honey "
    "in the comb until most of the cells are sealed. Honey stored near the brood is eaten first in spring. "
    "The colour of honey comes from the flowers, and buckwheat gives honey as dark as tar.",
)
WINTER = (
    "In winter the bees hang together in a cluster and shiver to keep warm. The cluster moves slowly over the combs. "
    "The middle of the cluster is as warm as a summer evening, even when snow lies on the roof. Bees on the outside "
    "change places with those within. Mice look for warm hives in autumn and gnaw the combs. A narrow door keeps mice "
    "out of the hive. Damp kills more bees than frost does, and a hive needs a way for damp air to leave. "
    "The cluster breaks up on mild days, when the bees fly out to clean themselves.",
)
DANCE = (
    "A forager that has found blossom dances on the comb. The waggle of the dance points the way by the sun. "
    "The length of the waggle tells how far the blossom is. Other foragers follow the dancer with their feelers. "
    "Karl von Frisch watched the dances through glass for twenty years before he could read them. Bees dance in the "
    "dark, and on the upright comb straight up stands for the sun. A round dance tells of blossom near by. "
    "On a cloudy day the bees find the place of the sun by the light of a strip of blue sky.",
)


def _body(*paragraphs: str) -> str:
    return "".join(f"<p>{one}</p>" for one in paragraphs)


def bee_book(path: Path) -> Path:
    """Write the book as an EPUB."""
    quoted = (
        "<blockquote><p>The queen of the hive never rules, says an old verse about the hive of queens.</p></blockquote>"
    )
    return make_epub(
        path,
        (
            ("The dance", _body(*DANCE)),
            ("The queen", _body(QUEEN[0]) + quoted + _body(QUEEN[1])),
            ("Honey", _body(*HONEY)),
            ("The winter", _body(*WINTER)),
        ),
        title="The house of wax",
        authors=("Ada Apiary",),
    )
