import os

path = os.path.expanduser("~/draft.md")
with open(path, "w", encoding="utf-8") as file:
    file.write("# Draft\n")
os.setxattr(path, "user.label", b"draft")
print(os.getxattr(path, "user.label").decode())
