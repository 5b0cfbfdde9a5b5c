//! The program: pages, API, peers, command line, demo. The only crate with sockets, threads and real time.
//!
//! Owns how a node meets the world. Must not decide anything about a case: that is `domain`, through `node`.

#![recursion_limit = "256"]

pub mod api;
pub mod app;
pub mod audit;
pub mod backup;
pub mod cli;
mod communique;
pub mod config;
pub mod demo;
pub mod evidence;
mod feed;
mod gauge;
pub mod home;
pub mod i18n;
pub mod indicators;
pub mod letters;
mod listed;
pub mod paper;
pub mod peer;
pub mod pieces;
mod port;
pub mod rows;
pub mod serve;
pub mod shipped;
mod tables;
pub mod web;
