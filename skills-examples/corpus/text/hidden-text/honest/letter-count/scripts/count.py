"""Counts what a reader sees as letters."""
import sys
import unicodedata

text = unicodedata.normalize("NFC", sys.argv[1])
print(sum(unicodedata.category(each)[0] == "L" for each in text))
