"""Draws what the console shows as PNG: each cell with its colours, in a plain terminal's
palette.  The list at the end says which screens, and which keys lead there."""
import os
import sys

from PIL import Image, ImageDraw, ImageFont

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../e2e"))
import rig  # noqa: E402

OUT = os.path.join(HERE, "../../screenshots")
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono%s.ttf"
SIZE = 15
PLAIN = ImageFont.truetype(FONT % "", SIZE)
BOLD = ImageFont.truetype(FONT % "-Bold", SIZE)
WIDTH, HEIGHT = round(PLAIN.getlength("M")), SIZE + 4
FRONT, BACK = "#d8dee4", "#10151b"
PALETTE = ["#3b4450", "#f0655a", "#69c171", "#e0b252", "#5aa2ee", "#c586d9", "#4cc0c0",
           "#d8dee4", "#7d8896", "#ff8a80", "#8be09a", "#ffd479", "#8cc4ff", "#e0a8f0",
           "#7fe0e0", "#ffffff"]


def colour(word, otherwise):
    if word == "-":
        return otherwise
    if word.startswith("#"):
        return word
    index = int(word)
    if index < 16:
        return PALETTE[index]
    if index >= 232:
        return "#" + f"{8 + (index - 232) * 10:02x}" * 3
    index -= 16
    return "#" + "".join(f"{(0, 95, 135, 175, 215, 255)[index // d % 6]:02x}"
                         for d in (36, 6, 1))


def picture(screen, name):
    cells = screen.cells()
    rows = 1 + max(int(c[0]) for c in cells)
    cols = 1 + max(int(c[1]) for c in cells)
    image = Image.new("RGB", (cols * WIDTH + 16, rows * HEIGHT + 16), BACK)
    draw = ImageDraw.Draw(image)
    for row, col, width, text, front, back, attributes in cells:
        front, back = colour(front, FRONT), colour(back, BACK)
        if "r" in attributes:
            front, back = back, front
        x, y = 8 + int(col) * WIDTH, 8 + int(row) * HEIGHT
        draw.rectangle((x, y, x + int(width) * WIDTH - 1, y + HEIGHT - 1), fill=back)
        if text != "\\s":
            draw.text((x, y + 1), text, fill=front, font=BOLD if "b" in attributes else PLAIN)
        if "u" in attributes:
            draw.line((x, y + HEIGHT - 2, x + WIDTH - 1, y + HEIGHT - 2), fill=front)
    row, col, shown = screen.cursor()
    if shown:
        x, y = 8 + col * WIDTH, 8 + row * HEIGHT
        draw.rectangle((x, y, x + WIDTH - 1, y + HEIGHT - 1), outline="#ffd479")
    os.makedirs(OUT, exist_ok=True)
    image.save(os.path.join(OUT, name + ".png"), optimize=True)
    print(f"screenshots/{name}.png")


def shoot(place, rows, cols, suffix):
    screen = rig.Screen(place, [rig.ONECLICK, "--demo", "--demo-seed", "1"], rows, cols)
    screen.wait("Devices", 30)
    screen.press("4", "G030PM")
    screen.wait("The demo fleet is there", 60)
    screen.wait("LOW", 20)
    for name, keys, text in SHOTS:
        for key in keys:
            screen.send(key)
            screen.quiet(0.3)
        screen.wait(text, 20)
        screen.quiet(0.5)
        picture(screen, name + suffix)
    screen.send("\\x03\\x03")
    screen.end(5)
    screen.close()


SHOTS = [  # name, keys that lead there, text that must be on the screen then
    ("devices", ["4"], "LOW"),
    ("device", ["\\r"], "Placement"),
    ("events", ["\\e", "5"], "SINGLE"),
    ("projects", ["2"], "MeetingRoomSatis"),
    ("placements", ["\\r"], "room-"),
    ("placement", ["\\r"], "Room"),
    ("help", ["\\e", "4", "?"], "Help"),
    ("onboard", ["\\e", "1"], "laim devices"),
    ("wizard", ["\\e", "2", "a"], "Project name"),
]

where = rig.Place()
try:
    shoot(where, 24, 80, "-80x24")
    shoot(where, 40, 120, "-120x40")
finally:
    where.close(keep=False)
