//! `Content-Length: 0` on a 204, which the real platform sends and hyper takes out.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

const STATUS: &[u8] = b"HTTP/1.1 204 ";
const HEADER: &[u8] = b"content-length: 0\r\n";

/// A stream that adds the header behind the status line of each 204.
///
/// It relies on hyper writing each head from its start, which it does as long as answers to
/// pipelined requests are not collected.
#[derive(Debug)]
pub(crate) struct ZeroLength<S> {
    stream: S,
    /// What is left to write in place of the status line.
    line: Vec<u8>,
    /// The length of the status line itself, while `line` is being written.
    replaced: usize,
}

impl<S> ZeroLength<S> {
    pub(crate) const fn new(stream: S) -> Self {
        Self { stream, line: Vec::new(), replaced: 0 }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ZeroLength<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        if this.replaced == 0 {
            let end = bytes.windows(2).position(|pair| pair == b"\r\n").map(|at| at + 2);
            let line = end.and_then(|end| bytes.get(..end)).filter(|l| l.starts_with(STATUS));
            let Some(line) = line else {
                return Pin::new(&mut this.stream).poll_write(context, bytes);
            };
            this.replaced = line.len();
            this.line = [line, HEADER].concat();
        }
        while !this.line.is_empty() {
            let written = ready!(Pin::new(&mut this.stream).poll_write(context, &this.line))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            this.line.drain(..written);
        }
        Poll::Ready(Ok(std::mem::take(&mut this.replaced)))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for ZeroLength<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}
