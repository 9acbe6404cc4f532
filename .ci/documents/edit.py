"""Edits a workbook as somebody would: rightly, and wrongly.   edit.py REPORT.xlsx EDITED.xlsx WRONG.xlsx"""
import sys

import openpyxl

report, edited, wrong = sys.argv[1:]


def cells(sheet):
    """The cells of a sheet by path and heading."""
    head = next(row for row in sheet.iter_rows() if row[0].value == "Path")
    names = [cell.value for cell in head]
    return {row[0].value: dict(zip(names, row)) for row in sheet.iter_rows(min_row=head[0].row + 1)}


book = openpyxl.load_workbook(report)
register, numbers = cells(book["Register"]), cells(book["Numbers"])
register["risks.R07"]["Mode"].value = 0.3
register["risks.R05"]["Owner"].value = "Somebody else"
numbers["estimates.interaction"]["Max"].value = 3
numbers["restore.2"]["Other parameters"].value = "median = 2.0, p90 = 3.0"
book.save(edited)

book = openpyxl.load_workbook(report)
register, numbers = cells(book["Register"]), cells(book["Numbers"])
register["risks.R07"]["Mode"].value = "about a third"
register["risks.R08"]["Basis"].value = "guessed"
register["risks.R09"]["In the figures"].value = "maybe"
register["risks.R11"]["Path"].value = "risks.R99"
numbers["estimates.interaction"]["Form"].value = "bell"
numbers["estimates.no-go-sec"]["Max"].value = None
book.save(wrong)
