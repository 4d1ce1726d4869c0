//! `sanji explain`: cases as NDJSON on standard input, one verdict per line, for anyone who doubts a cell.

use clap::Args;

use super::failure::Failure;
use crate::said;

/// 解释判定 / explains verdicts
#[derive(Args)]
pub(super) struct Explain {}

impl Explain {
    pub(super) fn run(self) -> Result<(), Failure> {
        let output = std::io::BufWriter::new(std::io::stdout().lock());
        match sanji_core::explain::run(std::io::stdin().lock(), output) {
            Ok(()) => Ok(()),
            // Whoever reads has seen enough, as `head` does.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(Failure::data(said!("读写出错:{error}", "reading or writing failed: {error}"))),
        }
    }
}
