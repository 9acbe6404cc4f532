//! A table of iterations, streamed: a row an iteration, to a temporary file that gets its name at the
//! end.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::file_set::{check_name, make, temporary};
use super::{Cell, WriteError};

/// A CSV file in the making; dropped unfinished, it leaves nothing.
pub struct IterationTable {
    path: PathBuf,
    rows: csv::Writer<BufWriter<NamedTempFile>>,
}

impl IterationTable {
    /// Starts a table in a folder, which is made if it does not exist.
    ///
    /// # Errors
    /// [`WriteError`] for a bad name or a folder that cannot be written to.
    pub fn create(folder: &Path, name: &str, header: &[&str]) -> Result<Self, WriteError> {
        check_name(name)?;
        make(folder)?;
        let file = BufWriter::with_capacity(1 << 16, temporary(folder)?);
        let mut table = Self { path: folder.join(name), rows: csv::Writer::from_writer(file) };
        table.row(header.iter().map(|name| Cell::from(*name)))?;
        Ok(table)
    }

    /// Adds a row; it must have as many cells as the header.
    ///
    /// # Errors
    /// [`WriteError::File`] when the disk is full, or the number of cells is wrong.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) -> Result<(), WriteError> {
        self.rows.write_record(cells.into_iter().map(|c| c.field())).map_err(|e| self.failed(e.into()))
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// [`WriteError::File`]; what had that name before is then untouched.
    pub fn finish(self) -> Result<(), WriteError> {
        let path = self.path;
        let failed = |source| WriteError::File { file: path.clone(), source };
        let buffer = self.rows.into_inner().map_err(|e| failed(std::io::Error::other(e.to_string())))?;
        let file = buffer.into_inner().map_err(|e| failed(e.into_error()))?;
        file.into_temp_path().persist(&path).map_err(|e| failed(e.error))
    }

    fn failed(&self, source: std::io::Error) -> WriteError {
        WriteError::File { file: self.path.clone(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appears_at_the_end_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("iterations.csv");
        let mut table =
            IterationTable::create(folder.path(), "iterations.csv", &["iteration", "SEC", "delay"]).unwrap();
        table.row([Cell::from(0), "=x".into(), (-1.5).into()]).unwrap();
        assert!(!path.exists());
        table.finish().unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        assert_eq!(text, "iteration,SEC,delay\n0,'=x,-1.5\n");
    }

    #[test]
    fn unfinished_it_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut table = IterationTable::create(folder.path(), "t.csv", &["a"]).unwrap();
        assert!(table.row([Cell::from(1), Cell::from(2)]).is_err());
        drop(table);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
