//! Drives the published foca 1.0.0 and writes down what it does.
//!
//! `vectors` prints golden bytes as JSON, `behaviours` plays scenarios and
//! prints what happened in them. Both are deterministic.

pub mod dialect;
pub mod handler;
pub mod host;
pub mod identities;
pub mod json;
pub mod node;
pub mod scenarios;
pub mod vectors;
