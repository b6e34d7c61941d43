//! One module a section of the vectors file.

pub mod datagrams;
pub mod decoding;
pub mod handled;
pub mod headers;
pub mod identities;
pub mod integers;
pub mod sealed;
