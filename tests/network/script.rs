//! What somebody at the other end of a connection does, step by step.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::sleep,
};

#[derive(Clone, Debug)]
pub enum Step {
    /// Reads whatever comes first.
    Listen,
    /// Reads to the end of a request's head.
    Hear,
    /// Reads the beginning of an HTTP/2 connection, to the first head.
    HearFrames,
    Say(Vec<u8>),
    /// Says it a piece at a time.
    Drip {
        bytes: Vec<u8>,
        piece: usize,
        each: Duration,
    },
    Wait(Duration),
    /// Says it until nobody listens any more, or so many bytes were said.
    Flood {
        bytes: Vec<u8>,
        most: usize,
    },
    /// Keeps the connection, and says nothing more.
    Silence,
    /// Ends it with a reset instead of a farewell.
    Reset,
    /// Ends it without telling the secure channel.
    Cut,
}

/// How the last step leaves the connection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    Farewell,
    Cut,
    Reset,
}

/// Does what the steps say, until one of them cannot be done.
pub async fn play<S>(stream: &mut S, steps: &[Step]) -> io::Result<Leave>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    for step in steps {
        match step {
            Step::Listen => {
                let _ = stream.read(&mut [0; 4_096]).await?;
            }
            Step::Hear => until(stream, |heard| heard.ends_with(b"\r\n\r\n")).await?,
            Step::HearFrames => until(stream, has_head).await?,
            Step::Say(bytes) => {
                stream.write_all(bytes).await?;
                stream.flush().await?;
            }
            Step::Drip { bytes, piece, each } => {
                for part in bytes.chunks((*piece).max(1)) {
                    stream.write_all(part).await?;
                    stream.flush().await?;
                    sleep(*each).await;
                }
            }
            Step::Wait(time) => sleep(*time).await,
            Step::Flood { bytes, most } => {
                for _ in 0..most / bytes.len() {
                    stream.write_all(bytes).await?;
                }
                stream.flush().await?;
            }
            Step::Silence => {
                // Until the client goes.
                while stream.read(&mut [0; 4_096]).await? > 0 {}
            }
            Step::Reset => return Ok(Leave::Reset),
            Step::Cut => return Ok(Leave::Cut),
        }
    }
    Ok(Leave::Farewell)
}

async fn until<S>(stream: &mut S, enough: impl Fn(&[u8]) -> bool) -> io::Result<()>
where
    S: AsyncRead + Unpin,
{
    let mut heard = Vec::new();
    while !enough(&heard) {
        let mut part = [0; 4_096];
        let length = stream.read(&mut part).await?;
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        heard.extend_from_slice(&part[..length]);
    }
    Ok(())
}

/// Whether a head (frame type 1) stands behind HTTP/2's preface.
fn has_head(heard: &[u8]) -> bool {
    const PREFACE: usize = 24;
    let mut rest = heard.get(PREFACE..).unwrap_or_default();
    while let [a, b, c, kind, _, _, _, _, _, more @ ..] = rest {
        let length = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        let Some(behind) = more.get(length..) else { return false };
        if *kind == 1 {
            return true;
        }
        rest = behind;
    }
    false
}
