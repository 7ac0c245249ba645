"""How the files end in which courses and answers travel; known without loading anything of packs."""

PACK, ANSWERS = ".alexcourse", ".alexanswers"
