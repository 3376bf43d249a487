//! Bodies that go out in pieces, late, or not to their end.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::time::{Sleep, sleep};

/// A body of unknown length, so that HTTP sends it chunked.
#[derive(Debug)]
pub(crate) struct Pieces {
    left: VecDeque<(Duration, Bytes)>,
    /// After the pieces the connection breaks, so late that they are on their way.
    breaks: bool,
    wait: Option<Pin<Box<Sleep>>>,
}

/// Time for what was written before a break to leave this process.
const BEFORE_BREAK: Duration = Duration::from_millis(30);
/// Pieces of a slow body.
const SLOW_PIECES: usize = 10;

impl Pieces {
    pub(crate) fn whole(body: Vec<u8>) -> Self {
        let left = if body.is_empty() {
            VecDeque::new()
        } else {
            VecDeque::from([(Duration::ZERO, Bytes::from(body))])
        };
        Self { left, breaks: false, wait: None }
    }

    pub(crate) fn slow(body: &[u8], ms: u64) -> Self {
        let size = body.len().div_ceil(SLOW_PIECES).max(1);
        let count = u64::try_from(body.len().div_ceil(size)).unwrap_or(1).max(1);
        let delay = Duration::from_millis(ms / count);
        let pieces = body.chunks(size).map(|piece| (delay, Bytes::copy_from_slice(piece)));
        Self { left: pieces.collect(), breaks: false, wait: None }
    }

    pub(crate) fn cut(body: &[u8]) -> Self {
        let half = body.get(..body.len() / 2).unwrap_or_default();
        let mut left = VecDeque::new();
        if !half.is_empty() {
            left.push_back((Duration::ZERO, Bytes::copy_from_slice(half)));
        }
        Self { left, breaks: true, wait: None }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let delay = match self.left.front() {
            Some((delay, _)) => *delay,
            None if self.breaks => BEFORE_BREAK,
            None => return Poll::Ready(None),
        };
        if !delay.is_zero() {
            let wait = self.wait.get_or_insert_with(|| Box::pin(sleep(delay)));
            ready!(wait.as_mut().poll(context));
            self.wait = None;
        }
        Poll::Ready(Some(match self.left.pop_front() {
            Some((_, piece)) => Ok(Frame::data(piece)),
            None => Err(io::Error::other("cut to order")),
        }))
    }
}
