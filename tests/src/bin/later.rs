//! What a relay of a later day does, for phones of today. `later newer DATA ADDRESS` answers in the place of the relay with
//! this data folder, as one does that no longer speaks today's protocol, and prints where it listens. `later retire DATA` closes
//! every document of that relay, as it is done when a term's time is over.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use sanji_core::cbor;
use sanji_core::ids::DocId;
use sanji_core::records::field::Scalar;
use sanji_core::sync::ledger::{Ledger, Table};
use sanji_core::sync::message::{Refusal, VERSION};
use sanji_core::sync::relay::rows::DocRow;
use sanji_core::sync::wire::encode_refusal;
use sanji_server::http::serve::listen;
use sanji_server::http::tls;
use sanji_tests::Outcome;
use sanji_tests::office::Office;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// More than a test's relay has.
const DOCUMENTS: usize = 10_000;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["newer", data, address] => newer(Path::new(data), address),
        ["retire", data] => retire(Path::new(data)),
        _ => Err("later newer DATA ADDRESS, or later retire DATA".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn retire(data: &Path) -> Outcome<()> {
    let closed = Office::make(data)?.write(|ledger| {
        let rows = ledger.scan(Table::Doc, &[], &[u8::MAX; DocId::LEN], DOCUMENTS, false)?;
        for (key, row) in &rows {
            let row = DocRow::from_value(&cbor::decode(row)?).ok_or("a document's row can't be read")?;
            let row = DocRow { retired: Some(true), ..row };
            ledger.put(Table::Doc, key, &cbor::encode(&row.to_value()))?;
        }
        Ok(rows.len())
    })?;
    println!("{}", json!({ "retired": closed }));
    Ok(())
}

fn newer(data: &Path, address: &str) -> Outcome<()> {
    let address: SocketAddr = address.parse()?;
    let acceptor = TlsAcceptor::from(Arc::new(tls::config(&Office::make(data)?.keys, None)?));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::from_std(listen(address)?)?;
        println!("{}", json!({ "listening": listener.local_addr()?.to_string() }));
        loop {
            let (stream, _) = listener.accept().await?;
            // A phone that goes away in the middle costs its connection only.
            if let Err(why) = answer(&acceptor, stream).await {
                eprintln!("{why}");
            }
        }
    })
}

/// Reads one request and refuses it.
async fn answer(acceptor: &TlsAcceptor, stream: TcpStream) -> Outcome<()> {
    let mut stream = BufStream::new(acceptor.accept(stream).await?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(said) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = said.trim().parse()?;
        }
    }
    stream.read_exact(&mut vec![0; length]).await?;
    let body = encode_refusal(&Refusal::Version(VERSION + 1));
    let head = format!("HTTP/1.1 426 Upgrade Required\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&body).await?;
    stream.flush().await?;
    stream.shutdown().await?;
    Ok(())
}
