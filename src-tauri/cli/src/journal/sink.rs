//! Lines of cells as CSV or as JSON.

use std::io::{self, BufWriter, Write};

use csv::{Terminator, WriterBuilder};
use serde::{Serialize, Serializer};

use super::{cell::Cell, columns::Column, ids::Ids};
use crate::{args::ExportFormat, json::escaped};

/// Without it spreadsheets take Cyrillic for something else.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

pub struct Sink<W: Write> {
    columns: Vec<&'static str>,
    shape: Shape<W>,
}

enum Shape<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Json(BufWriter<W>),
}

impl<W: Write> Sink<W> {
    /// Begins with the names, where the format has a place for them.
    pub fn begin(
        format: ExportFormat,
        columns: &[Column],
        ids: Ids,
        mut out: W,
    ) -> io::Result<Self> {
        let there = columns.iter().filter(|column| ids == Ids::Plain || !column.personal);
        let columns: Vec<_> = there.map(|column| column.name).collect();
        let shape = match format {
            ExportFormat::Csv => {
                out.write_all(BYTE_ORDER_MARK)?;
                let mut csv = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
                csv.write_record(&columns)?;
                Shape::Csv(Box::new(csv))
            }
            ExportFormat::Json => Shape::Json(BufWriter::new(out)),
        };
        Ok(Self { columns, shape })
    }

    pub fn line(&mut self, cells: &[Cell]) -> io::Result<()> {
        match &mut self.shape {
            Shape::Csv(csv) => csv.write_record(cells.iter().map(Cell::for_spreadsheet))?,
            Shape::Json(out) => {
                let json = serde_json::to_string(&Object { keys: &self.columns, cells })?;
                writeln!(out, "{}", escaped(&json))?;
            }
        }
        Ok(())
    }

    /// Writes what is left.
    pub fn end(self) -> io::Result<()> {
        match self.shape {
            Shape::Csv(mut csv) => csv.flush(),
            Shape::Json(mut out) => out.flush(),
        }
    }
}

/// Keys and values in the order of the columns.
struct Object<'a> {
    keys: &'a [&'static str],
    cells: &'a [Cell],
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.keys.iter().zip(self.cells))
    }
}
