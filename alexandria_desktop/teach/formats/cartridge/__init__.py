"""IMS Common Cartridge: lessons as pages, assessments as QTI 1.2, in a zip with a table of contents."""
