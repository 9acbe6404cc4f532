//! A report as an Excel workbook: a sheet a table, with filters and formats; charts that follow their cells.
//!
//! In: [`Content`]. Out: the bytes of a workbook, the same every time. Every text is written as a string, so that none
//! is taken for a formula. Columns that `register_import` reads back are shaded.

use jiff::civil::Date;
use rust_xlsxwriter::{
    Chart, ChartErrorBars, ChartErrorBarsType, ChartLegendPosition, ChartLine, ChartRange, ChartType, Color,
    DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Table, TableColumn, TableStyle,
    Workbook, Worksheet, XlsxError,
};

use super::content::{Cell, Column, Content, Kind, NativeChart, Points, Sheet, Value};
use super::number_columns;
use crate::analysis::wording;

/// The sheet of charts, and that of their points.
const CHARTS: &str = "Charts";
const POINTS: &str = "Chart points";
/// Colours of curves: Okabe and Ito's.
const COLOURS: [u32; 6] = [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x1A1A1A];
/// Rows of cells that a chart covers, and what is left below it.
const ROWS: u32 = 20;
/// Widest sheet that is printed on the width of one page, in letters.
const PAGE: u16 = 260;
/// Height of a line and of the highest row, in points.
const LINE: f64 = 13.0;
const HIGHEST: f64 = 409.0;
/// Widest column, in letters.
const WIDEST: u16 = 60;

/// The workbook.
///
/// # Errors
/// None that depends on the content.
pub fn xlsx(content: &Content) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Without a date of its own a workbook says when it was made.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let title = wording::plain(&content.title.plain(), 250);
    let author = format!("golive {}", env!("CARGO_PKG_VERSION"));
    workbook.set_properties(&DocProperties::new().set_title(title).set_author(author).set_creation_datetime(&made));
    let looks = Looks::new();
    for (n, sheet) in content.sheets.iter().enumerate() {
        write_sheet(workbook.add_worksheet(), sheet, &looks, &content.running)?;
        if n == 0 && !content.native.is_empty() {
            workbook.add_worksheet().set_name(CHARTS)?;
        }
    }
    if !content.native.is_empty() {
        let charts = write_points(workbook.add_worksheet(), &content.native, &looks)?;
        place_charts(workbook.worksheet_from_name(CHARTS)?, charts, &looks, &content.running)?;
    }
    workbook.save_to_buffer()
}

/// How cells look.
struct Looks {
    title: Format,
    words: Format,
    head: Format,
    text: Format,
    wrapped: Format,
    probability: Format,
    number: Format,
    count: Format,
    date: Format,
}

impl Looks {
    fn new() -> Self {
        let base = Format::new().set_font_name("Arial").set_font_size(10).set_align(FormatAlign::Top);
        let number = |format: &str| base.clone().set_num_format(format).set_align(FormatAlign::Right);
        Self {
            title: base.clone().set_bold().set_font_size(14),
            words: base.clone().set_font_color(Color::RGB(0x555555)),
            head: base
                .clone()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Bottom)
                .set_background_color(Color::RGB(0xE8EEF2))
                .set_border_bottom(FormatBorder::Medium),
            wrapped: base.clone().set_text_wrap(),
            probability: number("0.0000"),
            number: number("#,##0.0###"),
            count: number("#,##0"),
            date: number("d mmm yyyy"),
            text: base,
        }
    }

    /// The look of a cell.
    fn of(&self, column: &Column, cell: &Cell, editable: bool) -> Format {
        let look = match (cell.value, column.kind) {
            (Value::Date(_), _) => &self.date,
            (Value::Number(_), Kind::Probability) => &self.probability,
            (Value::Number(_), Kind::Count) => &self.count,
            // As many digits as there are: what is edited must not look rounded.
            (Value::Number(_), _) if editable => &self.text,
            (Value::Number(n), _) if is_whole(n) => &self.count,
            (Value::Number(_), _) => &self.number,
            (Value::None, Kind::Text) => &self.wrapped,
            (Value::None, _) => &self.text,
        };
        if editable {
            look.clone()
                .set_background_color(Color::RGB(0xFFF8E1))
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0xE0D8B8))
        } else {
            look.clone()
        }
    }
}

fn is_whole(n: f64) -> bool {
    n == crate::math::round(n) && n.abs() < 1e15
}

fn write_sheet(sheet: &mut Worksheet, content: &Sheet, looks: &Looks, running: &str) -> Result<(), XlsxError> {
    sheet.set_name(content.name)?;
    page(sheet, running);
    let columns = &content.table.columns;
    if columns.iter().map(|c| c.width.clamp(6, WIDEST)).sum::<u16>() > PAGE {
        sheet.set_print_fit_to_pages(0, 0);
    }
    sheet.write_string_with_format(0, 0, content.heading.plain(), &looks.title)?;
    let mut row = 1;
    for words in &content.words {
        sheet.write_string_with_format(row, 0, words.plain(), &looks.words)?;
        row += 1;
    }
    let head = row + 1;
    for (place, column) in (0u16..).zip(columns) {
        sheet.write_string_with_format(head, place, &column.heading, &looks.head)?;
        sheet.set_column_width(place, f64::from(column.width.clamp(6, WIDEST)) + 1.0)?;
    }
    let headings: Vec<Cell> = columns.iter().map(|c| Cell::words(c.heading.as_str())).collect();
    sheet.set_row_height(head, height(columns, &headings, true))?;
    for (cells, row) in content.table.rows.iter().zip(head + 1..) {
        sheet.set_row_height(row, height(columns, cells, false))?;
        for ((place, column), cell) in (0u16..).zip(columns).zip(cells) {
            let look = looks.of(column, cell, content.editable.contains(&usize::from(place)));
            write_cell(sheet, row, place, cell, &look)?;
        }
    }
    let last = head + content.table.rows.len() as u32;
    if last > head && !columns.is_empty() {
        let named = columns.iter().map(|c| TableColumn::new().set_header(&c.heading).set_header_format(&looks.head));
        let named: Vec<TableColumn> = named.collect();
        let table = Table::new().set_columns(&named).set_style(TableStyle::None).set_banded_rows(false);
        sheet.add_table(head, 0, last, columns.len() as u16 - 1, &table)?;
        choices(sheet, content, head + 1, last)?;
    }
    sheet.set_freeze_panes(head + 1, 1)?;
    sheet.set_repeat_rows(head, head)?;
    Ok(())
}

/// Height of a row whose words are wrapped: not every program finds it by itself.
fn height(columns: &[Column], cells: &[Cell], all: bool) -> f64 {
    let lines = columns.iter().zip(cells).filter(|(c, _)| all || c.kind == Kind::Text).map(|(column, cell)| {
        let width = usize::from(column.width.clamp(6, WIDEST));
        // Words at the ends of lines leave some of them empty.
        cell.text.plain().chars().count().div_ceil((width * 19 / 20).max(1))
    });
    (LINE * lines.max().unwrap_or(1).max(1) as f64 + 3.0).min(HIGHEST)
}

/// A4 across, as wide as the paper, with the line at the foot.
fn page(sheet: &mut Worksheet, running: &str) {
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    // & commands in a footer; it has at most 255 letters.
    let words = wording::plain(running, 150).replace('&', "&&");
    sheet.set_footer(format!("&L&8{words}&R&8&A, &P / &N"));
}

fn write_cell(sheet: &mut Worksheet, row: u32, place: u16, cell: &Cell, look: &Format) -> Result<(), XlsxError> {
    match cell.value {
        Value::Number(n) if n.is_finite() => sheet.write_number_with_format(row, place, n, look)?,
        Value::Date(date) => match excel_date(date) {
            Some(day) => sheet.write_datetime_with_format(row, place, &day, look)?,
            None => sheet.write_string_with_format(row, place, date.to_string(), look)?,
        },
        _ if cell.text.is_empty() => sheet.write_blank(row, place, look)?,
        _ => sheet.write_string_with_format(row, place, cell.text.plain(), look)?,
    };
    Ok(())
}

/// A date as Excel counts days; `None` before 1900.
fn excel_date(date: Date) -> Option<ExcelDateTime> {
    let part = |n: i8| u8::try_from(n).ok();
    ExcelDateTime::from_ymd(u16::try_from(date.year()).ok()?, part(date.month())?, part(date.day())?).ok()
}

/// Lists to choose from where only certain words are read back.
fn choices(sheet: &mut Worksheet, content: &Sheet, first: u32, last: u32) -> Result<(), XlsxError> {
    for place in &content.editable {
        let heading = content.table.columns[*place].heading.as_str();
        let words: &[&str] = match heading {
            "In the figures" => &["yes", "no"],
            h if h == number_columns::HEADINGS[8] => &["stated", "derived", "base-rate", "assumed"],
            _ => continue,
        };
        let list = DataValidation::new().allow_list_strings(words)?;
        sheet.add_data_validation(first, *place as u16, last, *place as u16, &list)?;
    }
    Ok(())
}

/// Writes the points of all charts side by side; returns the charts.
fn write_points(sheet: &mut Worksheet, native: &[NativeChart], looks: &Looks) -> Result<Vec<Chart>, XlsxError> {
    sheet.set_name(POINTS)?;
    sheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.write_string_with_format(0, 0, "Points of the charts", &looks.title)?;
    let mut at = 0u16;
    let mut charts = Vec::new();
    for chart in native {
        sheet.write_string_with_format(1, at, &chart.title, &looks.words)?;
        let (drawn, columns) = match &chart.points {
            Points::Bars { axis, probability, bars } => (write_bars(sheet, at, axis, *probability, bars, looks)?, 4),
            Points::Steps(curves) => (write_curves(sheet, at, curves, looks)?, 2 * curves.len() as u16),
        };
        let mut drawn = drawn;
        drawn.title().set_name(&chart.title).set_font(&font(11));
        drawn.set_alt_text(&chart.alternative).set_width(620).set_height(380);
        charts.push(drawn);
        at += columns + 1;
    }
    Ok(charts)
}

fn font(size: u8) -> rust_xlsxwriter::ChartFont {
    let mut font = rust_xlsxwriter::ChartFont::new();
    font.set_size(f64::from(size)).set_name("Arial");
    font
}

/// Lines of a grid.
fn grid() -> ChartLine {
    let mut line = ChartLine::new();
    line.set_color(Color::RGB(0xDEDEDE)).set_width(0.75);
    line
}

type Bar = (String, f64, Option<[f64; 2]>);

/// Bars with the range over the inputs as a line.
fn write_bars(
    sheet: &mut Worksheet,
    at: u16,
    axis: &str,
    probability: bool,
    bars: &[Bar],
    looks: &Looks,
) -> Result<Chart, XlsxError> {
    for (heading, place) in ["Plan", "Estimate", "Down to", "Up to"].iter().zip(at..) {
        sheet.write_string_with_format(2, place, *heading, &looks.head)?;
    }
    // Bars grow upwards: the last stands first, so that the first stands at the top, as in the tables.
    for ((name, estimate, range), row) in bars.iter().rev().zip(3u32..) {
        let [low, high] = range.unwrap_or([*estimate, *estimate]);
        sheet.write_string_with_format(row, at, name, &looks.text)?;
        // Distances, as error bars are given.
        for (n, place) in [*estimate, estimate - low, high - estimate].into_iter().zip(at + 1..) {
            sheet.write_number_with_format(row, place, n, &looks.probability)?;
        }
    }
    let last = 2 + bars.len() as u32;
    let column = |place: u16| ChartRange::new_from_range(POINTS, 3, place, last, place);
    let mut chart = Chart::new(ChartType::Bar);
    let mut ranges = ChartErrorBars::new();
    let (plus, minus) = (column(at + 3), column(at + 2));
    ranges.set_type(ChartErrorBarsType::Custom(plus, minus));
    let series = chart.add_series();
    series.set_categories(&column(at)).set_values(&column(at + 1)).set_gap(60);
    series.set_format(rust_xlsxwriter::ChartSolidFill::new().set_color(Color::RGB(0x56B4E9)));
    if bars.iter().any(|(_, _, range)| range.is_some()) {
        series.set_x_error_bars(&ranges);
    }
    chart.legend().set_hidden();
    // Of bars, x is the axis of values.
    chart.y_axis().set_font(&font(9));
    chart.x_axis().set_name(axis).set_name_font(&font(9)).set_font(&font(9)).set_min(0);
    chart.x_axis().set_num_format(if probability { "0.0" } else { "General" }).set_major_gridlines_line(&grid());
    if probability {
        chart.x_axis().set_max(1).set_major_unit(0.2);
    }
    Ok(chart)
}

type Curve = (String, Vec<(Date, f64)>);

/// Step curves over dates.
fn write_curves(sheet: &mut Worksheet, at: u16, curves: &[Curve], looks: &Looks) -> Result<Chart, XlsxError> {
    let mut chart = Chart::new(ChartType::ScatterStraight);
    for (n, (name, points)) in curves.iter().enumerate() {
        let place = at + 2 * n as u16;
        sheet.write_string_with_format(2, place, format!("{name}: by"), &looks.head)?;
        sheet.write_string_with_format(2, place + 1, format!("{name}: live"), &looks.head)?;
        sheet.set_column_width(place, 13)?;
        for ((date, share), row) in points.iter().zip(3u32..) {
            if let Some(day) = excel_date(*date) {
                sheet.write_datetime_with_format(row, place, &day, &looks.date)?;
            }
            sheet.write_number_with_format(row, place + 1, *share, &looks.probability)?;
        }
        let last = 2 + points.len().max(1) as u32;
        let column = |place: u16| ChartRange::new_from_range(POINTS, 3, place, last, place);
        let dashes = [
            rust_xlsxwriter::ChartLineDashType::Solid,
            rust_xlsxwriter::ChartLineDashType::Dash,
            rust_xlsxwriter::ChartLineDashType::RoundDot,
            rust_xlsxwriter::ChartLineDashType::DashDot,
        ];
        let mut line = ChartLine::new();
        line.set_color(Color::RGB(COLOURS[n % COLOURS.len()])).set_width(2.25).set_dash_type(dashes[n % dashes.len()]);
        let series = chart.add_series();
        series
            .set_name(name.as_str())
            .set_categories(&column(place))
            .set_values(&column(place + 1))
            .set_format(&mut line);
    }
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.x_axis().set_num_format("d mmm yy").set_font(font(9).set_rotation(-45));
    chart.y_axis().set_min(0).set_max(1).set_num_format("0%").set_font(&font(9));
    chart.y_axis().set_major_gridlines_line(&grid());
    let dates = || curves.iter().flat_map(|(_, points)| points.iter().map(|(date, _)| *date));
    let ends = (dates().min().and_then(excel_date), dates().max().and_then(excel_date));
    if let (Some(first), Some(last)) = ends {
        // A curve begins and ends inside its frame.
        let (first, last) = (first.to_excel() - 7.0, last.to_excel() + 7.0);
        chart.x_axis().set_min(first).set_max(last);
    }
    Ok(chart)
}

/// Charts two abreast.
fn place_charts(sheet: &mut Worksheet, charts: Vec<Chart>, looks: &Looks, running: &str) -> Result<(), XlsxError> {
    page(sheet, running);
    sheet.set_screen_gridlines(false);
    sheet.write_string_with_format(0, 0, "Charts", &looks.title)?;
    let words = "Drawn from the sheet “Chart points”. Lines on bars: where the figure lies in 90% of the worlds that the inputs allow.";
    sheet.write_string_with_format(1, 0, words, &looks.words)?;
    for (n, chart) in charts.iter().enumerate() {
        sheet.insert_chart(3 + ROWS * (n as u32 / 2), 10 * (n as u16 % 2), chart)?;
    }
    // Two rows of charts a page.
    let pages = charts.len().div_ceil(4) as u32;
    let breaks: Vec<u32> = (1..pages).map(|page| 3 + 2 * ROWS * page).collect();
    if !breaks.is_empty() {
        sheet.set_page_breaks(&breaks)?;
    }
    Ok(())
}
