//! A report as one HTML file: no network, no storage, a policy that allows only its own style and script.
//!
//! In: [`Content`]. Out: a page that reads without its script, prints on A4, and is ordered for screen readers:
//! headings, landmarks, captions, a table behind every chart. Every text is escaped here, once.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::content::{Block, Cell, Choice, Content, Figure, Kind, Span, Table, Text, Value};
use super::picture;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Longest text of a cell that is kept on one line, in letters.
const UNBROKEN: usize = 24;

/// The page.
pub fn html(content: &Content) -> String {
    let mut out = Page(String::with_capacity(1 << 19));
    let title = escape(&content.title.plain());
    out.put(&format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; script-src '{}'; \
         img-src data:; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#report\">Skip to the report</a>\n",
        policy_hash(STYLE),
        policy_hash(SCRIPT),
        shortened(&title),
    ));
    out.put(&format!("<header>\n<h1>{}</h1>\n<p class=\"subtitle\">", words(&content.title)));
    out.put(&words(&content.subtitle));
    out.put("</p>\n<dl class=\"about\">\n");
    for (name, text) in &content.about {
        out.put(&format!("<div><dt>{}</dt><dd>{}</dd></div>\n", escape(name), words(text)));
    }
    out.put("</dl>\n</header>\n<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">Contents</h2>\n<ul>\n");
    for section in &content.sections {
        out.put(&format!("<li><a href=\"#{}\">{}</a></li>\n", section.id, escape(&section.heading)));
    }
    out.put("</ul>\n</nav>\n<main id=\"report\" tabindex=\"-1\">\n");
    for section in &content.sections {
        let (id, heading) = (&section.id, escape(&section.heading));
        out.put(&format!("<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{heading}</h2>\n"));
        out.blocks(&section.blocks, 3);
        out.put("</section>\n");
    }
    out.put(&format!("</main>\n<footer><p>{}</p></footer>\n<script>{SCRIPT}</script>\n", escape(&content.running)));
    out.put("</body>\n</html>\n");
    out.0
}

struct Page(String);

impl Page {
    fn put(&mut self, html: &str) {
        self.0.push_str(html);
    }

    fn blocks(&mut self, blocks: &[Block], level: u8) {
        for block in blocks {
            match block {
                Block::Heading(heading) => self.put(&format!("<h{level}>{}</h{level}>\n", escape(heading))),
                Block::Paragraph(text) => self.put(&format!("<p>{}</p>\n", words(text))),
                Block::Bullets(items) => self.list("ul", items),
                Block::Steps(items) => self.list("ol", items),
                Block::Command(line) => {
                    self.put(&format!("<pre tabindex=\"0\"><code>{}</code></pre>\n", escape(line)));
                }
                Block::Table(table) => self.table(table, false),
                Block::Figure(figure) => self.figure(figure),
                Block::Choice(choice) => self.choice(choice, level),
            }
        }
    }

    fn list(&mut self, tag: &str, items: &[Text]) {
        self.put(&format!("<{tag}>\n"));
        for item in items {
            self.put(&format!("<li>{}</li>\n", words(item)));
        }
        self.put(&format!("</{tag}>\n"));
    }

    /// All alternatives; the script shows one at a time.
    fn choice(&mut self, choice: &Choice, level: u8) {
        self.put("<div class=\"choice\">\n");
        if choice.options.len() > 1 {
            self.put(&format!("<p class=\"control\" hidden><label>{} <select>", escape(&choice.label)));
            for (n, option) in choice.options.iter().enumerate() {
                self.put(&format!("<option value=\"{n}\">{}</option>", shortened(&escape(&option.name.plain()))));
            }
            self.put("</select></label></p>\n");
        }
        for option in &choice.options {
            self.put(&format!("<div class=\"option\">\n<h{level}>{}</h{level}>\n", words(&option.name)));
            self.blocks(&option.blocks, level + 1);
            self.put("</div>\n");
        }
        self.put("</div>\n");
    }

    fn figure(&mut self, figure: &Figure) {
        let id = &figure.id;
        let number = figure.number.map_or_else(String::new, |n| format!("Figure {n}"));
        self.put(&format!("<figure id=\"{id}\">\n"));
        self.put(&picture::inline(&figure.chart, id, &figure.alternative.plain()));
        self.put("\n");
        if let (true, Some(dates)) = (figure.readable_by_date, &figure.chart.dates) {
            let [left, right] = dates.ends;
            let (first, last) = (dates.first, dates.last);
            self.put(&format!(
                "<div class=\"reader control\" hidden data-first=\"{first}\" data-last=\"{last}\" data-left=\"{left}\" \
                 data-right=\"{right}\"><label for=\"{id}-date\">Read at a date</label> <input type=\"range\" min=\"0\" \
                 id=\"{id}-date\"><output for=\"{id}-date\"></output></div>\n"
            ));
        }
        self.put(&format!("<figcaption><b>{number}.</b> {}</figcaption>\n", words(&figure.caption)));
        self.put(&format!("<details><summary>Data behind {number}</summary>\n"));
        self.table(&figure.data, true);
        self.put("</details>\n</figure>\n");
    }

    fn table(&mut self, table: &Table, behind_figure: bool) {
        let id = &table.id;
        let sortable = if table.sortable { " sortable" } else { "" };
        // What all cells but the first are need not be said of each.
        let numbers = behind_figure && table.columns.iter().skip(1).all(|c| c.kind.is_numeric());
        // A region that scrolls must be reachable by keyboard, and named.
        let _ = writeln!(
            self.0,
            "<div class=\"table\" role=\"region\" aria-labelledby=\"{id}-caption\" tabindex=\"0\">\n\
             <table id=\"{id}\" class=\"{}{sortable}\">",
            if !behind_figure {
                "full"
            } else if numbers {
                "data numbers"
            } else {
                "data"
            }
        );
        let number = table.number.map_or_else(String::new, |n| format!("<b>Table {n}.</b> "));
        self.put(&format!("<caption id=\"{id}-caption\">{number}{}</caption>\n<colgroup>", words(&table.caption)));
        let total: u32 = table.columns.iter().map(|c| u32::from(c.width)).sum();
        for column in &table.columns {
            let percent = (u32::from(column.width) * 100 / total.max(1)).clamp(1, 100);
            self.put(&format!("<col class=\"w{percent}\">"));
        }
        self.put("</colgroup>\n<thead><tr>");
        let classes: Vec<&str> =
            (0..table.columns.len()).map(|place| if numbers { "" } else { class(table, place) }).collect();
        for column in &table.columns {
            let numeric = if column.kind.is_numeric() { " class=\"n\"" } else { "" };
            self.put(&format!("<th scope=\"col\"{numeric}>{}</th>", escape(&column.heading)));
        }
        self.put("</tr></thead>\n<tbody>\n");
        for row in &table.rows {
            self.put("<tr>");
            for (place, (cell, class)) in row.iter().zip(&classes).enumerate() {
                let kind = table.columns[place].kind;
                // The script sorts by values, and reads the dates behind figures.
                let valued = table.sortable || behind_figure && kind == Kind::Date;
                self.cell(cell, kind, class, place == 0, valued);
            }
            self.put("</tr>\n");
        }
        self.put("</tbody>\n</table>\n");
        for note in &table.notes {
            self.put(&format!("<p class=\"note\">{}</p>\n", words(note)));
        }
        self.put("</div>\n");
    }

    fn cell(&mut self, cell: &Cell, kind: Kind, class: &str, head: bool, valued: bool) {
        let tag = if head { "th scope=\"row\"" } else { "td" };
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let value = match cell.value {
            _ if !valued => String::new(),
            Value::Number(n) => format!(" data-v=\"{n}\""),
            Value::Date(date) => format!(" data-v=\"{date}\""),
            Value::None => String::new(),
        };
        // Right-to-left words of a scenario are set as they are meant, and turn nothing around them.
        let direction = if kind == Kind::Text && is_right_to_left(&cell.text) { " dir=\"auto\"" } else { "" };
        self.put(&format!("<{tag}{class}{value}{direction}>{}</{}>", words(&cell.text), &tag[..2]));
    }
}

/// How a column is set: numbers and dates, and short names, on one line.
fn class(table: &Table, place: usize) -> &'static str {
    let kind = table.columns[place].kind;
    if kind.is_numeric() {
        return "n";
    }
    let short = || table.rows.iter().all(|row| longest_line(&row[place].text) <= UNBROKEN);
    match kind {
        Kind::Date | Kind::Id if short() => "u",
        _ => "",
    }
}

/// Letters of the longest line of a text.
fn longest_line(text: &Text) -> usize {
    let lines = text.0.split(|span| *span == Span::Break);
    lines.map(|line| Text(line.to_vec()).plain().chars().count()).max().unwrap_or(0)
}

fn is_right_to_left(text: &Text) -> bool {
    text.plain().chars().any(|c| matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}'))
}

/// A text as HTML.
fn words(text: &Text) -> String {
    let mut out = String::new();
    for span in &text.0 {
        match span {
            Span::Plain(w) => out.push_str(&escape(w)),
            Span::Strong(w) => out.push_str(&format!("<b>{}</b>", escape(w))),
            Span::Minor(w) => out.push_str(&format!("<small>{}</small>", escape(w))),
            Span::Code(w) => out.push_str(&format!("<code>{}</code>", escape(w).replace('.', ".<wbr>"))),
            Span::Reference { id, words } => out.push_str(&format!("<a href=\"#{id}\">{}</a>", escape(words))),
            Span::Break => out.push_str("<br>"),
        }
    }
    out
}

/// Text as HTML, in elements and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The first letters of an escaped text, for titles of windows and choices.
fn shortened(escaped: &str) -> String {
    const LONGEST: usize = 160;
    if escaped.chars().count() <= LONGEST {
        return escaped.to_owned();
    }
    let kept: String = escaped.chars().take(LONGEST).collect();
    // Not in the middle of an entity.
    let end = kept.rfind('&').filter(|at| !kept[*at..].contains(';')).unwrap_or(kept.len());
    format!("{}…", &kept[..end])
}

/// A hash as a content security policy names it.
fn policy_hash(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text.as_bytes())))
}

/// Base64 of bytes (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let n = three.iter().fold(0u32, |n, byte| n << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(n >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= three.len() { letter as char } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_the_specifications_examples() {
        // RFC 4648, section 10.
        let examples =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")];
        for (text, expected) in examples {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }

    #[test]
    fn an_entity_is_never_cut() {
        let cut = shortened(&escape(&"<".repeat(200)));
        assert!(cut.ends_with("&lt;…"), "{cut}");
    }
}
