//! The one native test binary: a module per chapter, plus sessions and errors.

#[cfg(test)]
mod aliyun;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod retry;
#[cfg(test)]
mod session;
#[cfg(test)]
mod sharers;
#[cfg(test)]
mod support;
