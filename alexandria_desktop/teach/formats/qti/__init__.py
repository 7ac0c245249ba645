"""QTI 2.1 and QTI 3: packages of items and tests. Both are one tree here; ``names`` turns one into the other."""
