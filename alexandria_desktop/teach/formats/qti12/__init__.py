"""QTI 1.2: the questions of Canvas, Blackboard, Respondus and Common Cartridges."""
