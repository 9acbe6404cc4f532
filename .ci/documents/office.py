"""Word and Excel of a report, read by python-docx and openpyxl.   office.py FOLDER CASE"""
import re
import sys
import zipfile
from xml.etree import ElementTree

import docx
import openpyxl

folder, case = sys.argv[1:]

# Word: headings, captions that number themselves, alternative texts, a footer, nothing undeclared.
path = f"{folder}/report.docx"
document = docx.Document(path)
styles = [p.style.name for p in document.paragraphs]
assert styles.count("Heading 1") >= 8, styles.count("Heading 1")
assert styles[0] == "Title"
used = {p.style.name for p in document.paragraphs} | {p.style.name for t in document.tables for r in t.rows for c in r.cells for p in c.paragraphs}
assert "Normal" not in used, "every paragraph has a style that can be changed"
with zipfile.ZipFile(path) as archive:
    assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    body = archive.read("word/document.xml").decode()
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(archive.read(name))
pictures = re.findall(r'<wp:docPr id="(\d+)" name="[^"]*" descr="([^"]*)"', body)
assert len(pictures) == len(document.inline_shapes) == len({i for i, _ in pictures}) > 2
assert all(len(words) > 30 for _, words in pictures), "every picture has an alternative text"
for kind, least in (("Table", 10), ("Figure", 3)):
    numbers = [int(n) for n in re.findall(rf"SEQ {kind} [^<]*</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t xml:space=\"preserve\">(\d+)<", body)]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= least, (kind, numbers)
marks = set(re.findall(r'<w:bookmarkStart w:id="\d+" w:name="([^"]+)"', body))
for target in re.findall(r"REF (\S+) \\h", body) + re.findall(r'w:anchor="([^"]+)"', body):
    assert target in marks, target
heads = body.count("<w:tblHeader/>")
assert heads >= 10, heads
assert "PAGE" in document.sections[0].footer._element.xml
assert (document.sections[0].page_width.mm, document.sections[0].page_height.mm) == (210, 297) or abs(document.sections[0].page_width.mm - 210) < 0.1

# Excel: sheets, tables with filters, formats, charts; no formula anywhere.
path = f"{folder}/report.xlsx"
book = openpyxl.load_workbook(path)
wanted = ["Summary", "Charts", "Plans", "Go-live dates", "Comparison pairs", "Register", "Numbers", "Scope", "Criteria", "Chart points"]
assert [s for s in book.sheetnames if s in wanted] == wanted, book.sheetnames
for sheet in book:
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type != "f", f"a formula in {sheet.title}!{cell.coordinate}"
            assert cell.data_type != "e", f"an error in {sheet.title}!{cell.coordinate}"
    if sheet.title not in ("Charts", "Chart points"):
        assert sheet.freeze_panes, sheet.title
        assert len(sheet.tables) == 1, sheet.title
        assert all(t.autoFilter is not None for t in sheet.tables.values())
        assert sheet.print_title_rows, sheet.title
charts = book["Charts"]._charts
assert len(charts) >= 3, len(charts)
plans = book["Plans"]
head = next(row for row in plans.iter_rows() if row[0].value == "Plan")
names = {cell.value: cell.column for cell in head}
first = plans[head[0].row + 1]
cell = lambda name: first[names[name] - 1]
assert 0 <= cell("P(live on date)").value <= 1 and cell("P(live on date)").number_format == "0.0000"
assert cell("Planned for").is_date and cell("Planned for").number_format == "d mmm yyyy"
assert book.properties.created.year == 2000

if case == "hostile":
    text = "\n".join(p.text for p in document.paragraphs) + "\n".join(c.text for t in document.tables for r in t.rows for c in r.cells)
    cells = "\n".join(str(c.value) for s in book for r in s.iter_rows() for c in r if c.value is not None)
    for place, words in (("Word", text), ("Excel", cells)):
        for shown in ("<script>", "=HYPERLINK(", "שלום", "\"quoted\"", "]]>"):
            assert shown in words, f"{shown} is not shown in {place}"
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f]", words), place
        assert "W" * 400 in words, f"the long title is not shown in {place}"
print(f"{len(pictures)} pictures, {heads} tables in Word; {len(book.sheetnames)} sheets, {len(charts)} charts in Excel")
