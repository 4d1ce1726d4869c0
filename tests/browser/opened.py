"""Reads an exported week as a payroll clerk's program would: typed cells, a frozen header, no formula."""

import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
assert len(book.sheetnames) >= 5, book.sheetnames
assert all(any("\u4e00" <= c <= "\u9fff" for c in name) for name in book.sheetnames), book.sheetnames
numbers = 0
for sheet in book:
    assert sheet.freeze_panes is not None, f"{sheet.title}: the header moves away"
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type != "f", f"{sheet.title} {cell.coordinate} is a formula"
            numbers += cell.data_type == "n" and cell.value is not None
assert numbers > 20, f"only {numbers} cells are numbers"
people = [row[0].value for row in book.worksheets[0].iter_rows()]
assert len(set(people)) > 5, people
