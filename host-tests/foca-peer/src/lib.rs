//! Drives the published foca 1.0.0 and writes down what it does.
//!
//! The program `peer` takes foca's part in tests and simulations, and prints
//! foca's bytes and behaviour. Its output is the same on each run. The program
//! `sealed-agent` is a member whose datagrams are sealed. The benchmark stands
//! beside this library and uses nothing of it.

#![cfg(feature = "peer")]

pub mod agent;
pub mod dialect;
pub mod handler;
pub mod host;
pub mod identities;
pub mod json;
pub mod node;
pub mod publication;
pub mod scenarios;
pub mod seal;
pub mod vectors;
