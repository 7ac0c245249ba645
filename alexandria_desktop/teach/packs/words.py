"""256 short words, one for each byte, that sound unlike each other when they are read aloud."""

from __future__ import annotations

_LISTED = """
acorn adult agent alarm album amber angle ankle apple apron arrow aspen atlas attic autumn avenue badge bagel baker
balcony banjo barrel basket beacon beetle bishop bonnet border bottle branch bridge brother bucket buffalo button
cabin cactus camel candle canyon carpet castle cattle cedar cello chalk cherry chimney cinema circus clover cobweb
coffee comet copper coral cotton cousin cradle cricket crystal curtain cushion dagger daisy dancer desert diamond
dinner doctor dolphin donkey dragon drawer eagle easel echo editor eleven ember engine evening falcon family farmer
feather fiddle finger flame flower folder forest fossil fountain freckle frozen galaxy garden garlic gazelle ginger
giraffe glacier gloves goblet gorilla granite grape guitar hammer hamster harbor hazel helmet heron hexagon hobby
hockey hollow honey hornet hotel hunter icicle igloo indigo insect island ivory jacket jaguar jasmine jelly jigsaw
jockey journal juggler jungle kennel kettle kidney kingdom kitchen kitten ladder lagoon lantern lattice laundry
lemon leopard lettuce library lizard lobster lotus lumber magnet mango maple marble meadow melody mirror monkey
mosaic mountain muffin museum napkin needle nephew noodle nutmeg oasis ocean octopus olive onion orange orchard
organ otter oyster paddle palace panda paper parrot peanut pebble pencil pepper piano pigeon pillow pirate planet
pocket poem polar pony potato prism pumpkin puzzle quartz queen quilt rabbit radish raven ribbon river robin rocket
saddle salmon sandal saxophone scarf school seagull shadow silver sister spider sponge squirrel stable summer sunset
tablet teapot temple thunder ticket tiger tomato trumpet tulip tunnel turtle umbrella uncle valley velvet violin
volcano wagon walnut whistle window winter yellow zebra
"""

WORDS = tuple(_LISTED.split())
